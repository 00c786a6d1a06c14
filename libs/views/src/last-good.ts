import { currentContext } from '@bff/context';
import type { Store } from '@bff/store';
import { Logger } from '@nestjs/common';
import { inTime } from './in-time.js';
import type { Section } from './section.js';

/** A value that was good some time ago. */
export interface KeptValue {
  readonly value: unknown;
  readonly ageMs: number;
}

/** The last good values of one caller's answer. */
export interface LastGood {
  /** Undefined: there is none that is young enough. Never rejects, and does not wait long. */
  find(name: string, section: Section): Promise<KeptValue | undefined>;
  /** `json` is the value. */
  keep(name: string, section: Section, json: string): void;
}

const logger = new Logger('Views');

/**
 * Keeps them in `store`, under who calls and what was asked for: an answer of somebody else, or to another question,
 * is never found. `question` is method, path and query.
 */
export function lastGoodIn(store: Pick<Store, 'get' | 'set'>, view: string, question: string): LastGood {
  const caller = currentContext()?.caller;
  const who = caller === undefined ? 'public' : `caller:${caller.id}`;
  // No name, fingerprint or question has a line feed in it; who calls may have any, and comes last.
  const keyOf = (name: string, { fingerprint = '' }: Section): string =>
    `view\n${view}\n${name}\n${fingerprint}\n${question}\n${who}`;
  return {
    async find(name, section) {
      const text = await inTime(store.get(keyOf(name, section)));
      if (text === undefined) return undefined;
      const { atMs, value } = JSON.parse(text) as { atMs: number; value: unknown };
      return { value, ageMs: Math.max(0, Date.now() - atMs) };
    },
    keep(name, section, json) {
      const text = `{"atMs":${Date.now()},"value":${json}}`;
      const keeping = store.set(keyOf(name, section), text, section.staleForMs ?? 0);
      keeping.catch((error: unknown) => logger.warn(error));
    },
  };
}
