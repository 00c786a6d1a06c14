import { currentContext, type RequestContext } from '@bff/context';
import { UpstreamError } from '@bff/problem';
import { outgoingTraceHeaders } from '@bff/tracing';
import type { UpstreamIdentity } from '../identity/upstream-identity.js';
import { Bulkhead } from '../policy/bulkhead.js';
import { CircuitBreaker, type CircuitState } from '../policy/circuit-breaker.js';
import { Latencies } from '../policy/latencies.js';
import { backoffMs } from '../policy/retry.js';
import { RetryBudget } from '../policy/retry-budget.js';
import type { UpstreamPolicy } from '../policy/upstream-policy.js';
import type { Endpoint } from '../targets/endpoint.js';
import type { Connection, Target } from '../targets/target.js';
import type { Targets } from '../targets/targets.js';
import { Attempt, runAttempt } from './attempt.js';
import { AttemptError, hasAnswered, isUnauthorized, mayRetry, outcomeOf } from './attempt.error.js';
import { CallCounts } from './call-counts.js';
import type { CallScope } from './call-scope.js';
import { Flights, toReason } from './flights.js';
import { hedge } from './hedge.js';
import type { UpstreamCall } from './upstream-call.js';
import type { UpstreamState } from './upstream-state.js';

export interface EngineOptions<C extends Connection> {
  readonly name: string;
  /** The most a call may take, retries included. */
  readonly timeoutMs: number;
  /** The most one attempt may take; the rest is for others. */
  readonly attemptTimeoutMs: number | undefined;
  readonly policy: UpstreamPolicy;
  readonly identity: UpstreamIdentity;
  readonly targets: Targets<C>;
  /** Told once of each change of the circuit. */
  readonly onCircuit: (state: CircuitState, why: string) => void;
}

type Headers = Readonly<Record<string, string>>;
const none: Headers = {};

/** One call on its way, and the request it is made for. */
interface Work<C, T> {
  readonly call: UpstreamCall<C, T>;
  readonly context: RequestContext | undefined;
  readonly scope: CallScope;
  /** Who the service is told to be called for. */
  readonly identity: Headers;
  readonly more: Headers;
  /** When the answer began, where it comes in pieces: how long it then takes says nothing about the service. */
  begunAtMs?: number | undefined;
}

/**
 * The policy around every call to one service, whatever the protocol. In order: deadline, sharing with equal calls,
 * what the protocol puts around (a cache), bulkhead, circuit breaker, then attempts: each on a target of its own
 * choice, hedged where that is switched on, retried within the budget.
 * Throws UpstreamError with one of the closed list of reasons, CallerGoneError or AbandonedError.
 */
export class UpstreamEngine<C extends Connection> {
  readonly counts = new CallCounts();
  readonly latencies = new Latencies();
  readonly flights = new Flights();
  readonly budget: RetryBudget;
  readonly bulkhead: Bulkhead;
  readonly circuit: CircuitBreaker;

  constructor(private readonly options: EngineOptions<C>) {
    const { name, policy, onCircuit } = options;
    this.budget = new RetryBudget(policy.retry);
    this.bulkhead = new Bulkhead(name, policy.bulkhead);
    this.circuit = new CircuitBreaker(name, policy.circuit, onCircuit);
  }

  get name(): string {
    return this.options.name;
  }

  /** What `read` makes of the answer: for each caller anew, also where they share one call. It throws UpstreamError. */
  async call<T, R>(call: UpstreamCall<C, T>, read: (answer: T) => R): Promise<R> {
    this.counts.calls += 1;
    try {
      const answer = read(await this.share(call));
      this.counts.ok += 1;
      return answer;
    } catch (error) {
      this.counts.fail(error);
      throw error;
    }
  }

  /** Whom it would call for: answers for different keys are never for one another. */
  keyOf(context: RequestContext | undefined): string {
    return this.options.identity.keyOf(context);
  }

  /** Without what only the protocol knows. */
  state(): Omit<UpstreamState, 'protocol' | 'url' | 'cache'> {
    const nowMs = performance.now();
    const { calls: all, ...counts } = this.counts;
    const { latencies } = this;
    return {
      name: this.name,
      timeoutMs: this.options.timeoutMs,
      circuit: this.circuit.state,
      targets: this.options.targets.all.map((target) => target.state(nowMs)),
      inFlight: this.bulkhead.inFlight,
      queued: this.bulkhead.queued,
      retriesLeft: this.budget.left(nowMs),
      latencyMs: {
        p50: latencies.quantile(0.5),
        p95: latencies.quantile(0.95),
        p99: latencies.quantile(0.99),
      },
      calls: { ...counts, all, shared: this.flights.shared },
    };
  }

  /** Other targets, under the same policy and with all that is known of the service. */
  moveTo(endpoints: readonly Endpoint[]): void {
    this.options.targets.moveTo(endpoints);
  }

  /** Lets calls in flight end, then closes what they went through. */
  async close(): Promise<void> {
    await Promise.all([this.options.targets.close(), this.options.identity.close?.()]);
  }

  private share<T>(call: UpstreamCall<C, T>): Promise<T> {
    const context = currentContext();
    if (context?.ending.isEnded) throw toReason(context.ending.reason);
    context?.onUpstreamCall?.(this.options.name);
    const ownMs = Math.min(this.options.timeoutMs, call.timeoutMs ?? Infinity);
    const limitMs = Math.min(ownMs + (call.uploadMs ?? 0), context?.deadline.remainingMs() ?? Infinity);
    if (limitMs < 1) throw this.timedOut('the deadline had passed before the call');
    const { policy, identity } = this.options;
    const who = identity.keyOf(context);
    const key = call.safe && policy.coalesce && call.key !== undefined ? `${who}\0${call.key}` : undefined;
    return this.flights.join(key, context, limitMs, (scope) =>
      call.around === undefined
        ? this.ask(call, context, scope, none)
        : call.around((more = none) => this.ask(call, context, scope, more), who),
    );
  }

  /** One call under bulkhead and circuit. */
  private async ask<T>(
    call: UpstreamCall<C, T>,
    context: RequestContext | undefined,
    scope: CallScope,
    more: Headers,
  ): Promise<T> {
    this.circuit.check(performance.now());
    if (!this.bulkhead.tryEnter()) await this.bulkhead.queue(scope);
    try {
      scope.throwIfEnded();
      const { targets } = this.options;
      if (!targets.isReady) await this.waitFor(targets.resolve(), scope);
      const headers = this.options.identity.headersOf(context);
      const identity = headers instanceof Promise ? await this.waitFor(headers, scope) : headers;
      return await this.judged({ call, context, scope, identity, more });
    } finally {
      this.bulkhead.leave();
    }
  }

  private waitFor<T>(work: Promise<T>, scope: CallScope): Promise<T> {
    return scope.wait(work, () =>
      this.timedOut('the deadline passed before it was known whom to ask, or as whom'),
    );
  }

  private async judged<T>(work: Work<C, T>): Promise<T> {
    const startedMs = performance.now();
    const isProbe = this.circuit.enter(startedMs);
    try {
      const answer = await this.tried(work, isProbe ? 1 : this.options.policy.retry.tries);
      this.circuit.leave(isProbe, 'success', true, startedMs, work.begunAtMs ?? performance.now());
      return answer;
    } catch (error) {
      this.circuit.leave(isProbe, outcomeOf(error), hasAnswered(error), startedMs, performance.now());
      throw error;
    }
  }

  private async tried<T>(work: Work<C, T>, maxTries: number): Promise<T> {
    this.budget.countCall(performance.now());
    const avoid: Target<C>[] = [];
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.hedged(work, avoid);
      } catch (error) {
        const waitMs = tries < maxTries ? this.waitBeforeRetry(work, error, tries) : undefined;
        if (waitMs === undefined) throw error;
        await work.scope.sleep(waitMs);
        this.counts.retries += 1;
      }
    }
  }

  /** Undefined: it is not tried again. */
  private waitBeforeRetry<T>(work: Work<C, T>, error: unknown, tries: number): number | undefined {
    if (!mayRetry(error, work.call.idempotent) || this.circuit.state !== 'closed') return undefined;
    const nowMs = performance.now();
    const waitMs = Math.max(backoffMs(tries, this.options.policy.retry), error.retryAfterMs ?? 0);
    if (work.scope.remainingMs(nowMs) <= waitMs + 1) return undefined;
    return this.budget.take(nowMs) ? waitMs : undefined;
  }

  private hedged<T>(work: Work<C, T>, avoid: Target<C>[]): Promise<T> {
    const afterMs = this.options.policy.hedge && work.call.safe ? this.latencies.p95 : undefined;
    if (afterMs === undefined) return this.attempt(work, work.scope, avoid);
    return hedge({
      scope: work.scope,
      afterMs,
      attempt: (scope) => this.attempt(work, scope, avoid),
      mayStart: () => this.mayHedge(),
      onEnd: () => this.bulkhead.leave(),
    });
  }

  /** True: a place in the bulkhead is taken for the second attempt, and the budget has paid for it. */
  private mayHedge(): boolean {
    if (!this.bulkhead.tryEnter()) return false;
    if (this.budget.take(performance.now())) {
      this.counts.hedges += 1;
      return true;
    }
    this.bulkhead.leave();
    return false;
  }

  /** `avoid` are the targets tried before for this call; the one tried now is added. */
  private attempt<T>(work: Work<C, T>, scope: CallScope, avoid: Target<C>[]): Promise<T> {
    const { targets } = this.options;
    const startedMs = performance.now();
    const target = targets.pick(work.call.idempotent, avoid, startedMs);
    const { uploadMs } = work.call;
    const answerMs = Math.min(this.attemptLimitMs(), work.call.timeoutMs ?? Infinity);
    const timeoutMs = Math.ceil(Math.min(answerMs + (uploadMs ?? 0), scope.remainingMs(startedMs)));
    if (timeoutMs < 1) return Promise.reject(this.timedOut('the deadline had passed before the attempt'));
    const attempt = new Attempt(timeoutMs, headersOf(work, timeoutMs));
    this.counts.attempts += 1;
    avoid.push(target);
    target.start();
    return runAttempt<T>({
      scope,
      attempt,
      answerMs: uploadMs === undefined ? undefined : answerMs,
      send: () => work.call.send(attempt, target.connection, work.more),
      tooSlow: () => this.tooSlow(timeoutMs),
      onEnd: () => target.end(),
      onAnswer: () => {
        work.begunAtMs = attempt.begunAtMs;
        this.latencies.add((attempt.begunAtMs ?? performance.now()) - startedMs);
        targets.onAnswer(target);
      },
      onFailure: (error) => {
        if (isUnauthorized(error)) this.options.identity.onRefused?.(work.context);
        if (outcomeOf(error) === 'failure') targets.onFailure(target, performance.now());
        else if (hasAnswered(error)) targets.onAnswer(target);
      },
    });
  }

  /** Where there are others to ask, one attempt does not get all the time there is. */
  private attemptLimitMs(): number {
    const { attemptTimeoutMs, timeoutMs, targets } = this.options;
    return attemptTimeoutMs ?? (targets.size > 1 ? timeoutMs / 2 : timeoutMs);
  }

  private tooSlow(timeoutMs: number): UpstreamError {
    return new AttemptError(this.name, 'timeout', `no answer within ${timeoutMs} ms`, {
      retry: 'if_idempotent',
    });
  }

  private timedOut(why: string): UpstreamError {
    return new UpstreamError(this.name, 'timeout', why);
  }
}

function headersOf(
  { context, identity }: Pick<Work<never, unknown>, 'context' | 'identity'>,
  timeoutMs: number,
): Record<string, string> {
  const headers = context === undefined ? {} : outgoingTraceHeaders(context);
  Object.assign(headers, identity);
  headers['x-deadline-ms'] = String(timeoutMs);
  return headers;
}
