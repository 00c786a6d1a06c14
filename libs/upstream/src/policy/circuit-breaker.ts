import { UpstreamError } from '@bff/problem';
import { OutcomeWindow } from './outcome-window.js';
import type { CircuitPolicy } from './upstream-policy.js';

export type CircuitState = 'closed' | 'open' | 'half_open';
/** How a call ended: an answer, no usable answer, or nothing that says anything about the service. */
export type Outcome = 'success' | 'failure' | 'neutral';

/**
 * Stops calls to a service that fails or is slow as a rule, and lets it recover: open for a while, then one probe at
 * a time until enough of them have succeeded in a row.
 */
export class CircuitBreaker {
  private readonly window = new OutcomeWindow();
  private current: CircuitState = 'closed';
  private openedAtMs = 0;
  private probing = false;
  private probesPassed = 0;

  constructor(
    private readonly upstream: string,
    private readonly policy: CircuitPolicy,
    /** Told of each change once. */
    private readonly onChange: (state: CircuitState, why: string) => void,
  ) {}

  get state(): CircuitState {
    return this.current;
  }

  /** Throws `circuit_open` when no call would be let through now; lets nothing through by itself. */
  check(nowMs: number): void {
    if (this.current === 'closed') return;
    if (this.current === 'open' && nowMs - this.openedAtMs >= this.policy.openMs) return;
    if (this.current === 'half_open' && !this.probing) return;
    throw this.refusal(nowMs);
  }

  /** Lets a call through, or throws `circuit_open`. True: it is a probe, to be tried once. Each needs a `leave`. */
  enter(nowMs: number): boolean {
    if (this.current === 'closed') return false;
    this.check(nowMs);
    if (this.current === 'open') this.change('half_open', 'letting probes through');
    this.probing = true;
    return true;
  }

  /** How a call that was let through ended. An answer of 4xx is neutral, and enough for a probe. */
  leave(wasProbe: boolean, outcome: Outcome, answered: boolean, startedMs: number, nowMs: number): void {
    if (wasProbe) return this.leaveProbe(outcome, answered, nowMs);
    if (outcome === 'neutral' || this.current !== 'closed') return;
    this.window.add(outcome === 'failure', nowMs - startedMs > this.policy.slowAfterMs, nowMs);
    const { calls, failures, slow } = this.window;
    if (calls < this.policy.minimumCalls) return;
    if (failures >= calls * this.policy.failureRate) this.open(nowMs, `${failures} of ${calls} calls failed`);
    else if (slow >= calls * this.policy.slowRate) this.open(nowMs, `${slow} of ${calls} calls were slow`);
  }

  private leaveProbe(outcome: Outcome, answered: boolean, nowMs: number): void {
    this.probing = false;
    if (outcome === 'failure') return this.open(nowMs, 'a probe failed');
    if (!answered) return;
    this.probesPassed += 1;
    if (this.probesPassed < this.policy.probes) return;
    this.window.clear();
    this.change('closed', `${this.probesPassed} probes succeeded`);
  }

  private open(nowMs: number, why: string): void {
    this.openedAtMs = nowMs;
    this.change('open', why);
  }

  private change(state: CircuitState, why: string): void {
    this.current = state;
    this.probesPassed = 0;
    this.onChange(state, why);
  }

  private refusal(nowMs: number): UpstreamError {
    const remainingMs = this.openedAtMs + this.policy.openMs - nowMs;
    return new UpstreamError(this.upstream, 'circuit_open', undefined, {
      retryAfterMs: Math.max(1, remainingMs),
      retryBeforeMs: this.policy.openMs,
    });
  }
}
