import { type Finding, goodputShare, percent, verdictOf } from './finding.js';
import { measurePeak } from './measure-peak.js';
import { between, goodputOf } from './seconds.js';
import { mean } from './slope.js';
import type { StreamResult } from './driver/storm-load.js';
import type { StormOptions } from './storm.js';

const turns = 12;
const peakSeconds = 3;
const overloadSeconds = 7;
/** Time to find out that there is too much. */
const leftOutSeconds = 2;
/** Beyond it the mean of the turns says nothing: one of them more or less changes it. */
const largestError = 0.04;

/**
 * The goodput of an overload, in turns with peaks. A machine that others use changes its speed within seconds: what an
 * overload is worth is told by the peaks just before and after it, and by many of them.
 */
export async function measureGoodput({ arena, gateway }: StormOptions, storm: string): Promise<Finding> {
  const shares: number[] = [];
  let lateP99Ms = 0;
  let before = await measurePeak(arena, gateway, peakSeconds);
  for (let turn = 0; turn < turns; turn += 1) {
    const phases = [{ requestsPerSecond: before * 2, seconds: overloadSeconds }];
    const { streams, driver } = await arena.openLoad(gateway, [{ name: storm, sends: 'good token', phases }]);
    const seconds = between(streams[0] as StreamResult, leftOutSeconds, overloadSeconds);
    const after = await measurePeak(arena, gateway, peakSeconds);
    shares.push(goodputOf(seconds) / ((before + after) / 2));
    lateP99Ms = Math.max(lateP99Ms, driver.lateP99Ms);
    before = after;
  }
  const share = mean(shares);
  const standardError = standardErrorOf(shares);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  return {
    storm,
    required: `${turns} overloads of ${overloadSeconds} s, each between two peaks: ≥ ${percent(goodputShare)} of these answered well`,
    seen: `${percent(share)} ± ${percent(standardError)} (${percent(least)} to ${percent(most)})`,
    verdict: verdictOf(share >= goodputShare, { lateP99Ms }, standardError <= largestError),
  };
}

/** Of the mean. */
function standardErrorOf(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
