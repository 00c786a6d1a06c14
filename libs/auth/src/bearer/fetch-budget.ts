/**
 * How often something may be fetched: a few times in a row, and then once in an interval (the generic cell rate
 * algorithm, ITU-T I.371). So a burst of garbage does not cost the next caller his fetch.
 */
export class FetchBudget {
  /** When the budget is whole again. */
  private wholeAtMs = -Infinity;

  constructor(
    private readonly burst: number,
    private readonly intervalMs: number,
  ) {}

  /** True: now is a good time, and one fetch of the budget is spent. */
  spend(): boolean {
    const nowMs = performance.now();
    if (this.wholeAtMs > nowMs + (this.burst - 1) * this.intervalMs) return false;
    this.wholeAtMs = Math.max(nowMs, this.wholeAtMs) + this.intervalMs;
    return true;
  }

  /** Allows the next fetch no later than after `ms`, whatever was spent. */
  allowAfter(ms: number): void {
    this.wholeAtMs = Math.min(this.wholeAtMs, performance.now() + ms + (this.burst - 1) * this.intervalMs);
  }
}
