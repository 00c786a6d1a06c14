import { measureCapacity } from './measure-peak.js';
import { driverFinding, type Finding, percent, verdictOf } from './finding.js';
import { describeMistakes, describeOutcomes, goodShare } from './seconds.js';
import type { Stream, StreamResult } from './driver/storm-load.js';
import type { Storm, StormOptions } from './storm.js';

const signedInShare = 0.3;
const timesAsMany = 10;
const neededShare = 0.9;

/** Callers who are signed in, and ten times as many requests of others: none of them brings a token. */
export const anonymousStorm: Storm = (options) => stormBeside(options, 'anonymous', 'no token');

/** The same with a forged token each, which costs a verification; tells what happens, requires nothing. */
export const forgedStorm: Storm = (options) => stormBeside(options, 'forged', 'bad token');

async function stormBeside(options: StormOptions, storm: string, sends: Stream['sends']) {
  const { arena, gateway, peak, seconds } = options;
  const requestsPerSecond = Math.round(peak * signedInShare);
  const { streams, driver } = await arena.openLoad(gateway, [
    { name: 'signed in', sends: 'good token', phases: [{ requestsPerSecond, seconds }] },
    { name: storm, sends, phases: [{ requestsPerSecond: requestsPerSecond * timesAsMany, seconds }] },
  ]);
  const [signedIn, others] = streams as [StreamResult, StreamResult];
  const { after, isSteady } = await measureCapacity(options);
  const share = goodShare(signedIn.seconds);
  const isRequired = sends === 'no token';
  const findings: Finding[] = [
    {
      storm,
      required: `${requestsPerSecond}/s signed in (peak ${peak}/s, ${after}/s afterwards) beside ${timesAsMany} × as many with ${sends}${isRequired ? `: ≥ ${percent(neededShare)} of them answered well` : ''}`,
      seen: describeOutcomes(signedIn.seconds) + describeMistakes(signedIn),
      verdict: isRequired ? verdictOf(share >= neededShare, driver, isSteady) : 'reported',
    },
    { storm, required: 'the others', seen: describeOutcomes(others.seconds), verdict: 'reported' },
    driverFinding(storm, driver),
  ];
  return { findings, streams };
}
