import { writeFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { Arena } from '../arena.js';
import { mistakeIn } from '../measure-round.js';
import type { Suite } from '../suites.js';
import { warmContender } from '../warm-contender.js';
import { profileText } from './profile-text.js';
import { toSelfTimes } from './self-times.js';

const samplingIntervalUs = 200;

interface ProfileOptions {
  readonly seconds: number;
  readonly folder: string;
  /** Where the profile goes, to be opened in a browser's developer tools. */
  readonly file: string;
}

/** The first contender of the first suite under its load, warmed up: what it did while it started is left out. */
export async function profileContender(
  [suite]: readonly Suite[],
  { seconds, folder, file }: ProfileOptions,
): Promise<string> {
  const [contender] = suite?.contenders ?? [];
  if (suite === undefined || contender === undefined) throw new Error('There is nothing to profile');
  await using arena = await Arena.open(suite, folder);
  const warm = await warmContender(arena, contender);
  await warm.process.ask('start profile', samplingIntervalUs);
  const result = await arena.load(warm, { load: suite.load, seconds });
  const profile = await warm.process.ask<Profiler.Profile>('stop profile');
  const mistake = warm.mistake ?? mistakeIn(result);
  if (mistake !== undefined) throw new Error(mistake);
  writeFileSync(file, JSON.stringify(profile));
  return profileText(toSelfTimes(profile), result.answers);
}
