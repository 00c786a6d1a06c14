import type { Suite, Target } from '../suites.js';
import type { Result } from './results.js';

export interface Ratio {
  readonly target: Target;
  /** Rounded to two places, which is what is compared with the target. */
  readonly value: number;
  readonly isReached: boolean;
}

/** The ratios of a suite whose two contenders were both measured. */
export function ratiosOf(suite: Suite, results: readonly Result[]): Ratio[] {
  return suite.targets.flatMap((target) => {
    const of = (contender: string) =>
      results.find((result) => result.suite === suite.name && result.contender === contender)?.[
        target.figure
      ];
    const better = of(target.better);
    const worse = of(target.worse);
    if (better === undefined || worse === undefined) return [];
    const ratio = target.figure === 'p99Ms' ? worse / better : better / worse;
    const value = Math.round(ratio * 100) / 100;
    return [{ target, value, isReached: value >= target.atLeast }];
  });
}

export function describeRatio({ target, value, isReached }: Ratio): string {
  const { better, worse, atLeast, figure } = target;
  const what = figure === 'p99Ms' ? `p99 of ${worse} / ${better}` : `${better} / ${worse}`;
  return `${what}: ${value.toFixed(2)} (target ${atLeast.toFixed(2)}, ${isReached ? 'reached' : 'missed'})`;
}
