import type { Outcome, Outcomes, Second, StreamResult } from './storm-load.js';

interface OpenSecond {
  readonly outcomes: Record<Outcome, number>;
  readonly latenciesMs: number[];
}

/** What became of the requests of one stream, by the second in which they were due. */
export class StreamTally {
  private readonly seconds: OpenSecond[] = [];
  private readonly mistakes = new Map<string, number>();

  /** `dueMs` counts from the start of the stream, `latencyMs` from when the request was due. */
  add(dueMs: number, latencyMs: number, outcome: Outcome, mistake?: string): void {
    const second = this.at(Math.floor(dueMs / 1_000));
    second.outcomes[outcome] += 1;
    if (outcome === 'good') second.latenciesMs.push(latencyMs);
    if (mistake !== undefined) this.mistakes.set(mistake, (this.mistakes.get(mistake) ?? 0) + 1);
  }

  result(): Pick<StreamResult, 'seconds' | 'mistakes'> {
    return { seconds: this.seconds.map(toSecond), mistakes: Object.fromEntries(this.mistakes) };
  }

  private at(index: number): OpenSecond {
    while (this.seconds.length <= index) this.seconds.push({ outcomes: noOutcomes(), latenciesMs: [] });
    return this.seconds[index] as OpenSecond;
  }
}

export function noOutcomes(): Record<Outcome, number> {
  return { good: 0, refused: 0, unauthenticated: 0, wrong: 0, 'too late': 0, 'no connection': 0 };
}

function toSecond({ outcomes, latenciesMs }: OpenSecond): Second {
  return { due: sum(outcomes), outcomes, p99Ms: percentile99(latenciesMs) };
}

function sum(outcomes: Outcomes): number {
  return Object.values(outcomes).reduce((total, count) => total + count, 0);
}

/** The nearest rank. */
export function percentile99(values: readonly number[]): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? NaN;
}
