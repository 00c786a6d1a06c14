import type { SuiteRounds } from '../run-suite.js';
import { describeRatio, ratiosOf } from './ratios.js';
import { type Figure, figures, type Result } from './results.js';
import { textTable } from './text-table.js';

const head = [
  'contender',
  'requests/CPU-s',
  'p50 ms',
  'p99 ms',
  'peak RSS MB',
  'requests/s',
  'calls/request',
];

/** A table and the ratios for each suite, medians with their lowest and highest round. */
export function reportText(all: readonly SuiteRounds[], results: readonly Result[]): string {
  return all
    .map(({ suite, upstream }) => {
      const rows = results.filter((result) => result.suite === suite.name).map(rowOf);
      const ratios = ratiosOf(suite, results).map(describeRatio);
      return [`${suite.name} (upstream: ${upstream})`, textTable(head, rows), ...ratios].join('\n');
    })
    .join('\n\n');
}

function rowOf(result: Result): string[] {
  return [
    result.contender,
    ...figures.map((figure) => withSpread(result, figure)),
    result.requestsPerSecond.toFixed(0),
    result.upstreamCallsPerRequest.toFixed(2),
  ];
}

function withSpread(result: Result, figure: Figure): string {
  const { lowest, highest } = result.spread[figure];
  return `${result[figure]} (${lowest}–${highest})`;
}
