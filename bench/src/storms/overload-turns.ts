import { percent, type Finding } from './finding.js';
import { measurePeak } from './measure-peak.js';
import { between, outcomesOf } from './seconds.js';
import type { StreamResult } from './driver/storm-load.js';
import type { StormOptions } from './storm.js';

const turns = 12;
const peakSeconds = 3;
const overloadSeconds = 7;
/** Time to find out that there is too much. */
const leftOutSeconds = 2;
const goodputShare = 0.9;
/** Beyond it the mean of the turns says nothing: one of them more or less changes it. */
const largestError = 0.04;

/**
 * The goodput of an overload, in turns with peaks. A machine that others use changes its speed within seconds: what an
 * overload is worth is told by the peaks just before and after it, and by many of them.
 */
export async function measureGoodput({ arena, gateway }: StormOptions, storm: string): Promise<Finding> {
  const shares: number[] = [];
  let before = await measurePeak(arena, gateway, peakSeconds);
  for (let turn = 0; turn < turns; turn += 1) {
    const phases = [{ requestsPerSecond: before * 2, seconds: overloadSeconds }];
    const { streams } = await arena.openLoad(gateway, [{ name: storm, sends: 'good token', phases }]);
    const seconds = between(streams[0] as StreamResult, leftOutSeconds, overloadSeconds);
    const after = await measurePeak(arena, gateway, peakSeconds);
    shares.push(outcomesOf(seconds).good / seconds.length / ((before + after) / 2));
    before = after;
  }
  const { mean, standardError } = meanOf(shares);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const isMet = Math.round(mean * 100) / 100 >= goodputShare;
  return {
    storm,
    required: `${turns} overloads of ${overloadSeconds} s, each between two peaks: ≥ ${percent(goodputShare)} of these answered well`,
    seen: `${percent(mean)} ± ${percent(standardError)} (${percent(least)} to ${percent(most)})`,
    verdict: standardError > largestError ? 'unclear' : isMet ? 'met' : 'missed',
  };
}

function meanOf(values: readonly number[]): { mean: number; standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}
