import type { Asked } from './asked.js';

/** How requests are made. */
export type Load =
  /** As many requests in flight as there are connections: the next one starts when one is answered. */
  | { readonly kind: 'closed'; readonly connections: number }
  /** At a fixed rate, whatever the answers do; latency counts from the time a request is due. */
  | { readonly kind: 'open'; readonly requestsPerSecond: number };

/** Somebody who calls: never twice at one time, so that no gateway can answer two requests with one call. */
export interface DriverCaller {
  readonly id: string;
  /** What lets it in. */
  readonly headers: Readonly<Record<string, string>>;
}

/** In an open load everybody comes back after this time: longer than the slowest answer. */
const comesBackAfterSeconds = 2;

/** How many callers a load needs. */
export function callersOf(load: Load): number {
  return load.kind === 'closed' ? load.connections : load.requestsPerSecond * comesBackAfterSeconds;
}

export interface LoadRun {
  readonly url: string;
  readonly asked: Asked;
  readonly load: Load;
  readonly seconds: number;
  readonly callers: readonly DriverCaller[];
  /** Whether the contender says in `_meta` that its answer is complete. */
  readonly saysComplete: boolean;
}

export interface LoadResult {
  readonly answers: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What was wrong with answers, and how many of them. */
  readonly wrong: Readonly<Record<string, number>>;
}
