import type { Round } from '../measure-round.js';
import type { SuiteRounds } from '../run-suite.js';

export const figures = ['requestsPerCpuSecond', 'p50Ms', 'p99Ms', 'peakRssMb'] as const;
export type Figure = (typeof figures)[number];

export interface Spread {
  readonly lowest: number;
  readonly highest: number;
}

/** A contender's medians over its rounds, as `results.json` holds them. */
export interface Result extends Readonly<Record<Figure, number>> {
  readonly suite: string;
  readonly contender: string;
  readonly spread: Readonly<Record<Figure, Spread>>;
  readonly requestsPerSecond: number;
  readonly upstreamCallsPerRequest: number;
  readonly rounds: number;
}

/** One result for every contender that has a round that counts. */
export function toResults(all: readonly SuiteRounds[]): Result[] {
  return all.flatMap(({ suite, rounds }) =>
    [...rounds]
      .filter(([, measured]) => measured.length > 0)
      .map(([contender, measured]) => toResult(suite.name, contender, measured)),
  );
}

function toResult(suite: string, contender: string, rounds: readonly Round[]): Result {
  const medianOf = (figure: keyof Round) => rounded(median(rounds.map((round) => round[figure])));
  const spreadOf = (figure: Figure): Spread => {
    const values = rounds.map((round) => round[figure]);
    return { lowest: rounded(Math.min(...values)), highest: rounded(Math.max(...values)) };
  };
  return {
    suite,
    contender,
    requestsPerCpuSecond: medianOf('requestsPerCpuSecond'),
    p50Ms: medianOf('p50Ms'),
    p99Ms: medianOf('p99Ms'),
    peakRssMb: medianOf('peakRssMb'),
    spread: {
      requestsPerCpuSecond: spreadOf('requestsPerCpuSecond'),
      p50Ms: spreadOf('p50Ms'),
      p99Ms: spreadOf('p99Ms'),
      peakRssMb: spreadOf('peakRssMb'),
    },
    requestsPerSecond: medianOf('requestsPerSecond'),
    upstreamCallsPerRequest: medianOf('upstreamCallsPerRequest'),
    rounds: rounds.length,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** Three digits and more; whole numbers from 100. */
function rounded(value: number): number {
  return Number(value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2));
}
