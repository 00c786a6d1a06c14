import { Arena } from './arena.js';
import { measureRound, type Round } from './measure-round.js';
import type { Progress } from './report/progress.js';
import type { Suite } from './suites.js';
import { type WarmContender, warmContender } from './warm-contender.js';

/** All rounds of a suite that count, by contender. */
export interface SuiteRounds {
  readonly suite: Suite;
  /** Which server stood behind the contenders. */
  readonly upstream: string;
  readonly rounds: ReadonlyMap<string, readonly Round[]>;
  /** Why rounds were void. */
  readonly mistakes: readonly string[];
}

interface RunOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly folder: string;
  readonly progress: Progress;
}

/**
 * Interleaved: all contenders are started and warmed up, then comes round 1 of all of them, then round 2; each round
 * starts with another one.
 */
export async function runSuite(suite: Suite, options: RunOptions): Promise<SuiteRounds> {
  const { rounds, seconds, folder, progress } = options;
  await using arena = await Arena.open(suite, folder);
  const contenders = await warmAll(arena, progress);
  const measured = new Map(suite.contenders.map(({ name }) => [name, [] as Round[]]));
  const mistakes = contenders.flatMap(({ contender, mistake }) =>
    mistake === undefined ? [] : [`${suite.name}/${contender.name}, warm-up: ${mistake}`],
  );
  for (let number = 0; number < rounds; number += 1) {
    for (const running of rotate(contenders, number)) {
      const { name } = running.contender;
      const what = `${suite.name}/${name}, round ${number + 1}`;
      progress.starts(what);
      const round = await measureRound(arena, running, seconds);
      if ('void' in round) mistakes.push(`${what}: void: ${round.void}`);
      else measured.get(name)?.push(round);
      progress.ends(what, round);
    }
  }
  return { suite, upstream: arena.upstream.name, rounds: measured, mistakes };
}

async function warmAll(arena: Arena, progress: Progress): Promise<WarmContender[]> {
  const warm: WarmContender[] = [];
  for (const contender of arena.suite.contenders) {
    progress.warmsUp(`${arena.suite.name}/${contender.name}`);
    warm.push(await warmContender(arena, contender));
  }
  return warm;
}

function rotate<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
