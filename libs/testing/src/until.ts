import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 10;

/** Polls until `probe` gives something else than undefined or false, and gives that; rejects with `what` after `limitMs`. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 5_000,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  while (performance.now() < endMs) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await sleep(pollMs);
  }
  throw new Error(`not within ${limitMs} ms: ${what}`);
}
