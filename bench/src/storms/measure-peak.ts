import { warmUpSeconds } from '../warm-contender.js';
import type { Gateway, StormArena } from './storm-arena.js';

const inFlight = 32;
const measuredSeconds = 6;

/** Until the engine has compiled what it will compile. */
export async function warmUp(arena: StormArena, gateway: Gateway): Promise<void> {
  await arena.closedLoad(gateway, { inFlight, seconds: warmUpSeconds, mayRefuse: true });
}

/** Good answers a second when nobody has to wait: a closed load. */
export async function measurePeak(arena: StormArena, gateway: Gateway): Promise<number> {
  const peak = { inFlight, seconds: measuredSeconds, mayRefuse: false };
  return Math.round(await arena.closedLoad(gateway, peak));
}
