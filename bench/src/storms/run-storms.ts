import type { Profiler } from 'node:inspector';
import { profileText } from '../profile/profile-text.js';
import { toSelfTimes } from '../profile/self-times.js';
import { anonymousStorm, forgedStorm } from './anonymous-storm.js';
import { heapStorm } from './heap-storm.js';
import { measurePeak, warmUp } from './measure-peak.js';
import { overloadStorm } from './overload-storm.js';
import { soakStorm } from './soak-storm.js';
import { StormArena } from './storm-arena.js';
import type { StormsOptions } from './storm-options.js';
import type { Storm, StormOptions, StormReport } from './storm.js';

export interface StormsRun {
  /** Which server stood behind the gateway. */
  readonly upstream: string;
  /** Before each storm: a machine that others use as well is not always as fast. */
  readonly peaks: Readonly<Record<string, number>>;
  readonly reports: Readonly<Record<string, StormReport>>;
}

const profiledEveryUs = 500;
const storms: Readonly<Record<string, Storm>> = {
  overload: overloadStorm,
  anonymous: (options) => anonymousStorm(half(options)),
  forged: (options) => forgedStorm(half(options)),
};

/** One after the other, all but the heap's in the same gateway: each must find it well after the one before. */
export async function runStorms(
  options: StormsOptions,
  folder: string,
  tell: (text: string) => void,
): Promise<StormsRun> {
  const reports: Record<string, StormReport> = {};
  const peaks: Record<string, number> = {};
  const isWanted = (name: string) => options.only.length === 0 || options.only.includes(name);
  tell('Preparing callers and services …');
  await using arena = await StormArena.open(folder);
  if (isWanted('heap')) reports['heap'] = await heapStorm(arena);
  await using gateway = await arena.startGateway();
  tell('Warming up …');
  await warmUp(arena, gateway);
  const prepare = async (name: string): Promise<StormOptions> => {
    const peak = await measurePeak(arena, gateway);
    peaks[name] = peak;
    return { arena, gateway, peak, seconds: options.seconds };
  };
  for (const [name, storm] of Object.entries(storms)) {
    if (!isWanted(name)) continue;
    const stormOptions = await prepare(name);
    const { peak } = stormOptions;
    tell(`${name}, with a peak of ${peak}/s …`);
    reports[name] = options.profile ? await profiled(storm, stormOptions, tell) : await storm(stormOptions);
  }
  if (options.soakMinutes !== undefined) {
    tell(`soak, ${options.soakMinutes} min …`);
    reports['soak'] = await soakStorm(await prepare('soak'), options.soakMinutes);
  }
  return { upstream: arena.upstream.name, peaks, reports };
}

async function profiled(
  storm: Storm,
  options: StormOptions,
  tell: (text: string) => void,
): Promise<StormReport> {
  const { process } = options.gateway;
  await process.ask('start profile', profiledEveryUs);
  const report = await storm(options);
  const profile = await process.ask<Profiler.Profile>('stop profile');
  const requests = (report.streams ?? []).flatMap(({ seconds }) => seconds.map(({ due }) => due));
  const total = requests.reduce((sum, due) => sum + due, 0);
  tell(profileText(toSelfTimes(profile), total));
  return report;
}

function half(options: StormOptions): StormOptions {
  return { ...options, seconds: options.seconds / 2 };
}
