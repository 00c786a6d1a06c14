import { readdirSync, readFileSync } from 'node:fs';
import { driverFinding, type Finding, verdictOf } from './finding.js';
import { describeMistakes, describeOutcomes, goodShare } from './seconds.js';
import { slopeOf } from './slope.js';
import type { DriverState, StreamResult } from './driver/storm-load.js';
import type { StormOptions, StormReport } from './storm.js';

const storm = 'soak';
const sampleEveryMs = 5_000;
/** Of the time, until caches and the heap have their size. */
const leftOutShare = 0.2;
const rssLimitMibPerHour = 5;
const descriptorLimitPerHour = 5;

interface Sample {
  readonly hours: number;
  readonly rssMib: number;
  readonly descriptors: number;
}

/** Half of what the gateway can, for long: neither memory nor descriptors grow. Linux only. */
export async function soakStorm(options: StormOptions, minutes: number): Promise<StormReport> {
  const { arena, gateway, peak } = options;
  const phases = [{ requestsPerSecond: Math.round(peak / 2), seconds: minutes * 60 }];
  const samples: Sample[] = [];
  const pid = pidOfGateway();
  const timer = setInterval(() => samples.push(readSample(pid)), sampleEveryMs);
  const { streams, driver } = await arena
    .openLoad(gateway, [{ name: storm, sends: 'good token', phases }])
    .finally(() => clearInterval(timer));
  const kept = samples.slice(Math.floor(samples.length * leftOutShare));
  return { findings: findingsOf(kept, streams[0] as StreamResult, driver), streams };
}

function findingsOf(samples: readonly Sample[], stream: StreamResult, driver: DriverState): Finding[] {
  const rss = slopeOf(samples.map(({ hours, rssMib }) => [hours, rssMib]));
  const descriptors = slopeOf(samples.map(({ hours, descriptors: open }) => [hours, open]));
  const last = samples.at(-1);
  return [
    {
      storm,
      required: 'all answers are good',
      seen: describeOutcomes(stream.seconds) + describeMistakes(stream),
      verdict: verdictOf(goodShare(stream.seconds) === 1, driver),
    },
    {
      storm,
      required: `memory grows by ≤ ${rssLimitMibPerHour} MiB/h`,
      seen: `${rss.toFixed(1)} MiB/h, ${last?.rssMib.toFixed(0)} MiB at the end`,
      verdict: verdictOf(rss <= rssLimitMibPerHour, driver),
    },
    {
      storm,
      required: `open descriptors grow by ≤ ${descriptorLimitPerHour}/h`,
      seen: `${descriptors.toFixed(1)}/h, ${last?.descriptors} at the end`,
      verdict: verdictOf(descriptors <= descriptorLimitPerHour, driver),
    },
    driverFinding(storm, driver),
  ];
}

function readSample(pid: string): Sample {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const descriptors = readdirSync(`/proc/${pid}/fd`).length;
  return { hours: performance.now() / 3_600_000, rssMib: Number(kib) / 1_024, descriptors };
}

/** Of the children of this process. */
function pidOfGateway(): string {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const isGateway = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('web-bff/main.js');
  const pid = children.find(isGateway);
  if (pid === undefined) throw new Error('The gateway is not among the children of this process');
  return pid;
}
