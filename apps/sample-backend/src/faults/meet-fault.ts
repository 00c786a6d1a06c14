import { setTimeout as sleep } from 'node:timers/promises';

import type { Fault } from './fault-board.js';

/** What became of a call that met the faults of its service. */
export type Outcome = 'serve' | 'gone' | { status: number };

/** Waits out the delay that stands; `gone` when `hungUp` fires first, and then no timer is left behind. */
export async function meetFault({ delayMs = 0, status }: Fault, hungUp: AbortSignal): Promise<Outcome> {
  if (delayMs > 0) await sleep(delayMs, undefined, { signal: hungUp }).catch(() => undefined);
  if (hungUp.aborted) return 'gone';
  return status === undefined ? 'serve' : { status };
}
