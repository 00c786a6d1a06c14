import type { Arena, RunningContender } from './arena.js';
import { type Asked, callsFor } from './driver/asked.js';
import type { LoadResult } from './driver/load.js';
import type { Usage } from './processes/probe.js';

/** What one round of one contender gave. */
export interface Round {
  readonly requestsPerCpuSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly peakRssMb: number;
  readonly requestsPerSecond: number;
  /** What an answer cost the services. */
  readonly upstreamCallsPerRequest: number;
}

/** A round that does not count, and why. */
export interface VoidRound {
  readonly void: string;
}

/** Connections are open again and caches filled, after others had the machine. */
const returnSeconds = 1;

/** The suite's load between two readings of what the contender's process has used. */
export async function measureRound(
  arena: Arena,
  contender: RunningContender,
  seconds: number,
): Promise<Round | VoidRound> {
  const { load, asked } = arena.suite;
  await arena.hold(contender);
  const before = await arena.load(contender, { load, seconds: returnSeconds });
  const start = await readCounters(arena, contender, true);
  const result = await arena.load(contender, { load, seconds });
  const end = await readCounters(arena, contender, false);
  const closed = await arena.release();

  const upstreamCallsPerRequest = (end.calls - start.calls) / result.answers;
  const mistake = mistakeIn(before) ?? mistakeIn(result) ?? mistakeInCalls(asked, upstreamCallsPerRequest);
  if (mistake !== undefined) return { void: mistake };
  if (closed > 0) return { void: `it closed ${closed} of the idle connections` };
  return {
    requestsPerCpuSecond: result.answers / (end.cpuSeconds - start.cpuSeconds),
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    peakRssMb: end.peakRssMb,
    requestsPerSecond: result.answers / (end.atSeconds - start.atSeconds),
    upstreamCallsPerRequest,
  };
}

/** What is wrong with the answers of a load; undefined: nothing. */
export function mistakeIn({ answers, wrong }: LoadResult): string | undefined {
  if (answers === 0) return 'no answers';
  const mistakes = Object.entries(wrong);
  if (mistakes.length === 0) return undefined;
  return `of ${answers} answers ${mistakes.map(([what, count]) => `${count} wrong (${what})`).join(', ')}`;
}

async function readCounters(arena: Arena, { process }: RunningContender, startsRound: boolean) {
  const usage = await process.ask<Usage>('usage', startsRound);
  return { ...usage, calls: await arena.upstream.countCalls(), atSeconds: performance.now() / 1_000 };
}

/** Who answers with fewer calls has shared or kept answers, and done other work than the rest. */
function mistakeInCalls(asked: Asked, perRequest: number): string | undefined {
  if (perRequest >= callsFor(asked)) return undefined;
  return `${perRequest.toFixed(2)} upstream calls a request, where ${callsFor(asked)} are needed`;
}
