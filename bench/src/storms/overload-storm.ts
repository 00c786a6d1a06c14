import { measureCapacity } from './measure-peak.js';
import { measureGoodput } from './overload-turns.js';
import { driverFinding, type Finding, goodputShare, percent, verdictOf } from './finding.js';
import { between, describeMistakes, describeOutcomes, goodputOf } from './seconds.js';
import type { Second, StreamResult } from './driver/storm-load.js';
import type { Storm } from './storm.js';

const storm = 'overload';
/** Time to find out that there is too much. */
const leftOutSeconds = 5;
const restSeconds = 15;
const recoveryLimitSeconds = 10;
const normalP99Ms = 250;

/** Twice what the gateway can, for long, then half of it; and what an overload leaves of its peak. */
export const overloadStorm: Storm = async (options) => {
  const { arena, gateway, peak, seconds } = options;
  const phases = [
    { requestsPerSecond: peak * 2, seconds },
    { requestsPerSecond: peak / 2, seconds: restSeconds },
  ];
  const { streams, driver } = await arena.openLoad(gateway, [{ name: storm, sends: 'good token', phases }]);
  const { mean, after, isSteady } = await measureCapacity(options);
  const stream = streams[0] as StreamResult;
  const overload = between(stream, leftOutSeconds, seconds);
  const goodput = goodputOf(overload);
  const recovery = recoverySeconds(between(stream, seconds, seconds + restSeconds));
  const findings: Finding[] = [
    {
      storm,
      required: `twice the peak of ${peak}/s for ${seconds} s: ≥ ${percent(goodputShare)} of the peak (${after}/s afterwards) answered well`,
      seen: `${percent(goodput / mean)} (${goodput.toFixed(0)}/s; ${describeOutcomes(overload)}${describeMistakes(stream)})`,
      verdict: verdictOf(goodput >= mean * goodputShare, driver, isSteady),
    },
    await measureGoodput(options, storm),
    {
      storm,
      required: `then half of it: all 200 and p99 < ${normalP99Ms} ms after ≤ ${recoveryLimitSeconds} s`,
      seen: recovery < restSeconds ? `after ${recovery} s` : `not within ${restSeconds} s`,
      verdict: verdictOf(recovery <= recoveryLimitSeconds, driver),
    },
    driverFinding(storm, driver),
  ];
  return { findings, streams };
};

/** The first second from which on everything is as on a quiet day. */
function recoverySeconds(rest: readonly Second[]): number {
  return rest.findLastIndex(({ due, outcomes, p99Ms }) => outcomes.good < due || !(p99Ms < normalP99Ms)) + 1;
}
