import type { Response } from 'express';
import { currentContext } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { isPastSunset, type ProxyRoute, toDeprecationHeaders } from '@bff/proxy';
import type { Readings } from '@bff/tracing';
import { BoundedCounts } from '../management/bounded-counts.js';

/** Pairs of route and caller that are counted by name; whoever comes after these is counted as one. */
const countedByName = 1_000;

/**
 * Who still calls what is on its way out, so that a team knows whom to ask before the sunset, and whom it has cut off
 * after it. Callers by their id, `anonymous` together, and `others` once there are too many to tell apart.
 */
export class Deprecations {
  private readonly counts = new BoundedCounts<{ route: string; caller: string }>(
    countedByName,
    ({ route }) => ({ route, caller: 'others' }),
  );

  /**
   * To be asked when the caller is known. Throws `gone` after the sunset; that request is counted too.
   */
  check({ name, deprecation }: Pick<ProxyRoute, 'name' | 'deprecation'>): void {
    if (deprecation === undefined) return;
    this.counts.count({ route: name, caller: currentContext()?.caller?.id ?? 'anonymous' });
    if (isPastSunset(deprecation, Date.now())) throw new ProblemError('gone');
  }

  /** For a problem in place of an answer: whoever gets to see nothing else hears of it too. */
  tell({ deprecation }: Pick<ProxyRoute, 'deprecation'>, response: Response): void {
    for (const [header, value] of Object.entries(toDeprecationHeaders(deprecation ?? {})))
      response.setHeader(header, value);
  }

  read(): Readings {
    return this.counts.read();
  }
}
