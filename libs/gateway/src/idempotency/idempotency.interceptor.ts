import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { type Observable, of } from 'rxjs';
import { currentContext, Ending, type RequestContext } from '@bff/context';
import { CallerGoneError, ProblemError, toRetryAfter } from '@bff/problem';
import { digest, fingerprintOf } from './digest.js';
import { setServiceKey } from './idempotency-key.decorator.js';
import { type Claim, IdempotencyRecords } from './idempotency-records.js';
import { type Idempotency, idempotencyOf } from './idempotency-options.js';
import { KeyedCalls, type KeyedOutcome } from './keyed-calls.js';
import { ReplayedAnswer } from './kept-answer.js';
import { readIdempotencyKey } from './read-idempotency-key.js';
import { recordAnswer } from './record-answer.js';

/** Beyond the deadline of a call, for keeping its answer: after that its process is taken for gone. */
const leaseSlackMs = 2_000;
/** An action takes about that long. */
const retryAfterMs = 1_000;

/**
 * Lets the first call of a caller's key run, to its end also when he hangs up meanwhile, and gives its answer to every
 * further one. What is not known to be answered may run again, with the same key for the service.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly records: IdempotencyRecords,
    private readonly calls: KeyedCalls,
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
    const route = routeOf(request);
    const id = digest([this.records.gateway, route, context.caller?.id, key]);
    const end = this.calls.begin();
    let isRunning = false;
    try {
      const claim = await this.records.claim({
        id,
        fingerprint: fingerprintOf(request),
        leaseMs: Math.ceil(context.deadline.remainingMs()) + leaseSlackMs,
        keepForMs: options.keepForMs,
      });
      const outcome = toOutcome(claim, options);
      this.calls.count(route, outcome);
      if (claim.state === 'answered') return of(new ReplayedAnswer(claim.answer));
      refuse(outcome);
      isRunning = true;
      recordUntil(end, execution.switchToHttp().getResponse<Response>(), claim);
    } finally {
      if (!isRunning) end();
    }
    setServiceKey(request, id);
    // What has begun must not be cut off half-way: whoever hung up comes again, and gets the answer.
    context.ending = new Ending();
    return next.handle();
  }
}

function toOutcome({ state }: Claim, { withoutStore }: Idempotency): KeyedOutcome {
  switch (state) {
    case 'new':
      return 'first';
    case 'answered':
      return 'replayed';
    case 'running':
      return 'in_use';
    case 'reused':
      return 'reused';
    case 'unknown':
      return withoutStore === 'pass' ? 'passed_without_store' : 'refused_without_store';
  }
}

/** Returns where the call is to run. */
function refuse(outcome: KeyedOutcome): void {
  switch (outcome) {
    case 'first':
    case 'replayed':
    case 'passed_without_store':
      return;
    case 'reused':
      throw new ProblemError('idempotency_key_reused', 'Send a new Idempotency-Key with a new request.');
    case 'in_use':
      throw new ProblemError('idempotency_key_in_use', undefined, {
        headers: { 'Retry-After': toRetryAfter(retryAfterMs) },
      });
    case 'refused_without_store':
      throw new ProblemError('idempotency_unavailable');
  }
}

/** Calls `end` when the call is answered, also when nobody hears it any more, and its answer is kept. */
function recordUntil(end: () => void, response: Response, claim: Claim): void {
  const lease = claim.state === 'new' ? claim.lease : undefined;
  recordAnswer(response, async (answer) => {
    await (answer === undefined ? lease?.release() : lease?.keep(answer));
    end();
  });
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
