import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { type Observable, of } from 'rxjs';
import { currentContext, Ending, type RequestContext } from '@bff/context';
import { CallerGoneError, ProblemError } from '@bff/problem';
import { digest, fingerprintOf } from './digest.js';
import { setServiceKey } from './idempotency-key.decorator.js';
import { type Claim, IdempotencyRecords, type Lease } from './idempotency-records.js';
import { type Idempotency, idempotencyOf } from './idempotency-options.js';
import { ReplayedAnswer } from './kept-answer.js';
import { readIdempotencyKey } from './read-idempotency-key.js';
import { recordAnswer } from './record-answer.js';

/** Beyond the deadline of a call, for keeping its answer: after that its process is taken for gone. */
const leaseSlackMs = 2_000;
/** An action takes about that long. */
const retryAfterSeconds = 1;

/**
 * Lets the first call of a caller's key run, to its end also when he hangs up meanwhile, and gives its answer to every
 * further one. What is not known to be answered may run again, with the same key for the service.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly records: IdempotencyRecords,
  ) {}

  async intercept(execution: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const options = idempotencyOf(this.reflector, execution.getHandler());
    const request = execution.switchToHttp().getRequest<Request>();
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    if (options === undefined) return next.handle();
    if (key === undefined) {
      if (options.key === 'optional') return next.handle();
      throw new ProblemError('idempotency_key_required', 'Send an Idempotency-Key, new for each action.');
    }
    const context = contextOfCaller();
    const id = digest([this.records.gateway, routeOf(request), context.caller?.id, key]);
    const claim = await this.records.claim({
      id,
      fingerprint: fingerprintOf(request),
      leaseMs: Math.ceil(context.deadline.remainingMs()) + leaseSlackMs,
      keepForMs: options.keepForMs,
    });
    const found = this.toAnswer(claim, options);
    if (found !== undefined) return of(found);
    setServiceKey(request, id);
    if (claim.state === 'new') record(execution.switchToHttp().getResponse<Response>(), claim.lease);
    // What has begun must not be cut off half-way: whoever hung up comes again, and gets the answer.
    context.ending = new Ending();
    return next.handle();
  }

  /** Undefined: the call is to run. */
  private toAnswer(claim: Claim, { withoutStore }: Idempotency): ReplayedAnswer | undefined {
    switch (claim.state) {
      case 'new':
        return undefined;
      case 'answered':
        return new ReplayedAnswer(claim.answer);
      case 'reused':
        throw new ProblemError('idempotency_key_reused', 'Send a new Idempotency-Key with a new request.');
      case 'running':
        throw new ProblemError('idempotency_key_in_use', undefined, {
          headers: { 'Retry-After': String(retryAfterSeconds) },
        });
      case 'unknown':
        if (withoutStore === 'pass') return undefined;
        throw new ProblemError('idempotency_unavailable');
    }
  }
}

function record(response: Response, lease: Lease): void {
  recordAnswer(response, (answer) => (answer === undefined ? lease.release() : lease.keep(answer)));
}

/** Throws CallerGoneError when he has hung up before anything began. */
function contextOfCaller(): RequestContext {
  const context = currentContext();
  if (context?.caller === undefined)
    throw new Error('@Idempotent needs a known caller: keys of strangers cannot be told apart');
  if (context.ending.isEnded) throw new CallerGoneError();
  return context;
}

/** As it is declared: `POST /v1/orders/:id/cancel`. */
function routeOf({ method, route }: Request): string {
  return `${method} ${(route as { readonly path: string }).path}`;
}
