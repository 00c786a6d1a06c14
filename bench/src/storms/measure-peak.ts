import { setTimeout as sleep } from 'node:timers/promises';
import { warmUpSeconds } from '../warm-contender.js';
import type { Gateway, StormArena } from './storm-arena.js';
import type { StormOptions } from './storm.js';

const inFlight = 32;
const measuredSeconds = 6;
/** Whom an overload refused is told to come again after two seconds at the earliest: nobody tries just after it. */
const restMs = 1_000;

/** Until the engine has compiled what it will compile. */
export async function warmUp(arena: StormArena, gateway: Gateway): Promise<void> {
  await arena.closedLoad(gateway, { inFlight, seconds: warmUpSeconds, mayRefuse: true });
}

/** Peaks before and after that differ by more than this share are those of two machines. */
const steadyShare = 0.2;

export interface Capacity {
  /** Of the peaks before and after a storm. */
  readonly mean: number;
  readonly after: number;
  /** The machine was as fast after the storm as before. */
  readonly isSteady: boolean;
}

/** To be asked for after a storm. */
export async function measureCapacity({ arena, gateway, peak }: StormOptions): Promise<Capacity> {
  const after = await measurePeak(arena, gateway);
  const mean = (peak + after) / 2;
  return { mean, after, isSteady: Math.abs(peak - after) <= mean * steadyShare };
}

/** Good answers a second when nobody has to wait: a closed load. */
export async function measurePeak(
  arena: StormArena,
  gateway: Gateway,
  seconds = measuredSeconds,
): Promise<number> {
  await sleep(restMs);
  const peak = { inFlight, seconds, mayRefuse: false };
  return Math.round(await arena.closedLoad(gateway, peak));
}
