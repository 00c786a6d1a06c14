import type { Arena, RunningContender } from './arena.js';
import type { LoadResult } from './driver/load.js';
import { mistakeIn } from './measure-round.js';
import type { Contender } from './suites.js';

/** After 10 s the largest of the contenders, web-bff, still spends a tenth of its time on compiling itself. */
export const warmUpSeconds = 30;
const warmUpConnections = 32;

/** A contender in a process of its own, after so much load that the engine has compiled what it will compile. */
export interface WarmContender extends RunningContender {
  /** What was wrong with its answers so far. */
  readonly mistake: string | undefined;
}

export async function warmContender(arena: Arena, contender: Contender): Promise<WarmContender> {
  const running = await arena.start(contender);
  const load = { kind: 'closed', connections: warmUpConnections } as const;
  const result = await arena.load(running, { load, seconds: warmUpSeconds });
  return { ...running, mistake: mistakeIn({ ...result, wrong: withoutRefusals(result.wrong) }) };
}

/** A cold process that is late may refuse what it does not know yet; nothing is measured of it. */
function withoutRefusals(wrong: LoadResult['wrong']): LoadResult['wrong'] {
  return Object.fromEntries(Object.entries(wrong).filter(([what]) => what !== 'status 503'));
}
