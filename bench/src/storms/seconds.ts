import { noOutcomes } from './driver/stream-tally.js';
import type { Outcomes, Second, StreamResult } from './driver/storm-load.js';

/** The seconds of a stream from one to another, the last one left out. */
export function between({ seconds }: StreamResult, start: number, end: number): readonly Second[] {
  return seconds.slice(start, end);
}

export function outcomesOf(seconds: readonly Second[]): Outcomes {
  const total = noOutcomes();
  for (const { outcomes } of seconds)
    for (const name of Object.keys(total) as (keyof Outcomes)[]) total[name] += outcomes[name];
  return total;
}

/** Good answers a second. */
export function goodputOf(seconds: readonly Second[]): number {
  return outcomesOf(seconds).good / seconds.length;
}

/** 0 to 1. */
export function goodShare(seconds: readonly Second[]): number {
  const due = seconds.reduce((sum, second) => sum + second.due, 0);
  return outcomesOf(seconds).good / due;
}

/** The outcomes that came, the most frequent first: `good 61.2 %, refused 38.8 %`. */
export function describeOutcomes(seconds: readonly Second[]): string {
  const outcomes = Object.entries(outcomesOf(seconds)).filter(([, count]) => count > 0);
  const due = outcomes.reduce((sum, [, count]) => sum + count, 0);
  return outcomes
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${((count / due) * 100).toFixed(1)} %`)
    .join(', ');
}

/** What was wrong with answers, to follow what became of them; empty: nothing. */
export function describeMistakes({ mistakes }: Pick<StreamResult, 'mistakes'>): string {
  return Object.entries(mistakes)
    .map(([what, count]) => `; ${count} × ${what}`)
    .join('');
}
