import type { Response } from 'express';
import { currentContext } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { isPastSunset, type ProxyRoute, toDeprecationHeaders } from '@bff/proxy';
import type { Readings } from '@bff/tracing';

/** Pairs of route and caller that are counted by name; whoever comes after these is counted as one. */
const countedByName = 1_000;

interface Labels extends Record<string, string> {
  readonly route: string;
  readonly caller: string;
}

/**
 * Who still calls what is on its way out, so that a team knows whom to ask before the sunset, and whom it has cut off
 * after it. Callers by their id, `anonymous` together, and `others` once there are too many to tell apart.
 */
export class Deprecations {
  private readonly counts = new Map<string, { readonly labels: Labels; value: number }>();

  /**
   * To be asked when the caller is known. Throws `gone` after the sunset; that request is counted too.
   */
  check({ name, deprecation }: Pick<ProxyRoute, 'name' | 'deprecation'>): void {
    if (deprecation === undefined) return;
    this.count({ route: name, caller: currentContext()?.caller?.id ?? 'anonymous' });
    if (isPastSunset(deprecation, Date.now())) throw new ProblemError('gone');
  }

  /** For a problem in place of an answer: whoever gets to see nothing else hears of it too. */
  tell({ deprecation }: Pick<ProxyRoute, 'deprecation'>, response: Response): void {
    for (const [header, value] of Object.entries(toDeprecationHeaders(deprecation ?? {})))
      response.setHeader(header, value);
  }

  *read(): Readings {
    for (const { labels, value } of this.counts.values()) yield [labels, value];
  }

  private count(labels: Labels): void {
    const key = JSON.stringify([labels.route, labels.caller]);
    const counted = this.counts.get(key);
    if (counted !== undefined) counted.value += 1;
    else if (this.counts.size < countedByName || labels.caller === 'others')
      this.counts.set(key, { labels, value: 1 });
    else this.count({ ...labels, caller: 'others' });
  }
}
