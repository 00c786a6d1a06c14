import type { Profiler } from 'node:inspector';
import { profileText } from '../profile/profile-text.js';
import { toSelfTimes } from '../profile/self-times.js';
import { anonymousStorm, forgedStorm } from './anonymous-storm.js';
import { heapStorm } from './heap-storm.js';
import { measurePeak } from './measure-peak.js';
import { overloadStorm } from './overload-storm.js';
import { soakStorm } from './soak-storm.js';
import { StormArena } from './storm-arena.js';
import type { StormsOptions } from './storm-options.js';
import type { Storm, StormOptions, StormReport } from './storm.js';

export interface StormsRun {
  /** Which server stood behind the gateway. */
  readonly upstream: string;
  readonly peak: number;
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
  const isWanted = (name: string) => options.only.length === 0 || options.only.includes(name);
  tell('Preparing callers and services …');
  await using arena = await StormArena.open(folder);
  if (isWanted('heap')) reports['heap'] = await heapStorm(arena);
  await using gateway = await arena.startGateway();
  tell('Warming up, then measuring the peak …');
  const peak = await measurePeak(arena, gateway);
  const stormOptions: StormOptions = { arena, gateway, peak, seconds: options.seconds };
  for (const [name, storm] of Object.entries(storms)) {
    if (!isWanted(name)) continue;
    tell(`${name}, with a peak of ${peak}/s …`);
    reports[name] = options.profile ? await profiled(storm, stormOptions, tell) : await storm(stormOptions);
  }
  if (options.soakMinutes !== undefined) {
    tell(`soak, ${options.soakMinutes} min …`);
    reports['soak'] = await soakStorm(stormOptions, options.soakMinutes);
  }
  return { upstream: arena.upstream.name, peak, reports };
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
