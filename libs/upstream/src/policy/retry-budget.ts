import type { RetryPolicy } from './upstream-policy.js';

const windowSeconds = 10;

/**
 * Bounds retries and hedges of a whole upstream to a share of its recent calls, so that a brown-out is not made an
 * outage by the calls it causes; a floor keeps retries possible where there is little traffic.
 * Source: Finagle's RetryBudget, on a window of 10 s in steps of one.
 */
export class RetryBudget {
  private readonly calls = new Float64Array(windowSeconds);
  private readonly retries = new Float64Array(windowSeconds);
  private second = 0;
  private callsInWindow = 0;
  private retriesInWindow = 0;

  constructor(private readonly policy: Pick<RetryPolicy, 'budgetShare' | 'budgetPerSecond'>) {}

  /** A call that was asked for, not one of ours. */
  countCall(nowMs: number): void {
    this.calls[this.slotAt(nowMs)]! += 1;
    this.callsInWindow += 1;
  }

  /** True, and counted, when one more retry is within the budget. */
  take(nowMs: number): boolean {
    const slot = this.slotAt(nowMs);
    if (this.retriesInWindow + 1 > this.allowance()) return false;
    this.retries[slot]! += 1;
    this.retriesInWindow += 1;
    return true;
  }

  /** Retries that the window has left. */
  left(nowMs: number): number {
    this.slotAt(nowMs);
    return Math.max(0, Math.floor(this.allowance() - this.retriesInWindow));
  }

  private allowance(): number {
    const { budgetShare, budgetPerSecond } = this.policy;
    return Math.max(this.callsInWindow * budgetShare, budgetPerSecond * windowSeconds);
  }

  /** Forgets what has left the window, and gives the slot of the present second. */
  private slotAt(nowMs: number): number {
    const second = Math.floor(nowMs / 1_000);
    const gone = Math.min(second - this.second, windowSeconds);
    for (let step = 1; step <= gone; step += 1) {
      const slot = (second - gone + step) % windowSeconds;
      this.callsInWindow -= this.calls[slot]!;
      this.retriesInWindow -= this.retries[slot]!;
      this.calls[slot] = 0;
      this.retries[slot] = 0;
    }
    if (gone > 0) this.second = second;
    return this.second % windowSeconds;
  }
}
