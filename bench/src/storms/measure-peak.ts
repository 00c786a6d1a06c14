import type { Gateway, StormArena } from './storm-arena.js';

const connections = 32;
const warmUpSeconds = 10;
const measuredSeconds = 6;

/** Good answers a second when nobody has to wait: a closed load, after the engine has compiled what it will compile. */
export async function measurePeak(arena: StormArena, gateway: Gateway): Promise<number> {
  await arena.closedLoad(gateway, { connections, seconds: warmUpSeconds, mayRefuse: true });
  const peak = { connections, seconds: measuredSeconds, mayRefuse: false };
  return Math.round(await arena.closedLoad(gateway, peak));
}
