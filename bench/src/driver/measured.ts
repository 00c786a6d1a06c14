import type { LoadResult } from './load.js';

/** Latencies and mistakes of one run. */
export class Measured {
  private readonly latenciesMs: number[] = [];
  private readonly wrong = new Map<string, number>();

  add(latencyMs: number, mistake: string | undefined): void {
    this.latenciesMs.push(latencyMs);
    if (mistake !== undefined) this.wrong.set(mistake, (this.wrong.get(mistake) ?? 0) + 1);
  }

  result(): LoadResult {
    const sorted = Float64Array.from(this.latenciesMs).toSorted();
    return {
      answers: sorted.length,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      wrong: Object.fromEntries(this.wrong),
    };
  }
}

/** The nearest rank: the smallest value that at least this part of all values does not exceed. */
function percentile(sorted: Float64Array, part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}
