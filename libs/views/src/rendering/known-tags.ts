import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Caller, currentContext } from '@bff/context';
import type { Store } from '@bff/store';
import { inTime } from '../in-time.js';
import { hasAlready } from './entity-tag.js';

/** The longest that `freshFor` may be. */
export const maxFreshMs = 300_000;
/** Longer than what was loaded before a change can be fresh. */
const stampTtlMs = 2 * maxFreshMs;
const logger = new Logger('Views');

/** What an answer of a view was, when it was last loaded for one caller and one question. */
export interface KnownTag {
  readonly tag: string;
  readonly atMs: number;
  /** What was last changed before it was loaded. */
  readonly stamp: string;
  /** Request headers that the answer depends on, beside `Accept`. */
  readonly vary: Readonly<Record<string, string>>;
}

/** Where the tag of one answer is kept, and which change of its caller was the last one before it was loaded. */
export interface TagPlace {
  readonly key: string;
  readonly stamp: string;
  readonly freshMs: number;
  /** What the caller has is still right. */
  readonly known?: KnownTag;
}

/**
 * The entity tags of answers that callers have, for views with `freshFor`: whoever shows one that is young enough is
 * told that nothing changed, without anything being loaded. No content is kept. What a caller changes through this
 * gateway ends all tags that this caller has.
 */
export class KnownTags {
  constructor(private readonly store: Pick<Store, 'get' | 'set'>) {}

  /** Undefined where the store does not tell in time: nothing may be kept then. `question` is form, path and query. */
  async find(
    view: string,
    question: string,
    freshMs: number,
    request: Request,
  ): Promise<TagPlace | undefined> {
    const caller = currentContext()?.caller;
    const key = `tag\n${view}\n${question}\n${factsOf(caller)}`;
    const found = await inTime(Promise.all([this.store.get(stampKeyOf(caller)), this.store.get(key)]));
    if (found === undefined) return undefined;
    const [stamp = '', text] = found;
    const place = { key, stamp, freshMs };
    const known = text === undefined ? undefined : (JSON.parse(text) as KnownTag);
    return known !== undefined && isRight(known, place, request) ? { ...place, known } : place;
  }

  /** `loadedAtMs`: when loading began. */
  keep({ key, stamp, freshMs }: TagPlace, tag: string, loadedAtMs: number, response: Response): void {
    const vary = varyOf(response, response.req);
    if (vary === undefined) return;
    const ttlMs = loadedAtMs + freshMs - Date.now();
    const known: KnownTag = { tag, atMs: loadedAtMs, stamp, vary };
    const keeping = ttlMs > 0 ? this.store.set(key, JSON.stringify(known), ttlMs) : Promise.resolve();
    keeping.catch((error: unknown) => logger.warn(error));
  }

  /** Of this caller, all. Never rejects. */
  async forget(caller: Caller): Promise<void> {
    await inTime(this.store.set(stampKeyOf(caller), randomUUID(), stampTtlMs));
  }
}

function isRight({ tag, atMs, stamp, vary }: KnownTag, place: TagPlace, request: Request): boolean {
  return (
    stamp === place.stamp &&
    Date.now() < atMs + place.freshMs &&
    hasAlready(request, tag) &&
    Object.entries(vary).every(([name, value]) => String(request.headers[name] ?? '') === value)
  );
}

/** Undefined: it depends on what no header tells. */
function varyOf(response: Response, request: Request): Record<string, string> | undefined {
  const names = String(response.getHeader('Vary') ?? '')
    .toLowerCase()
    .split(/[\s,]+/);
  if (names.includes('*')) return undefined;
  const own = names.filter((name) => name !== '' && name !== 'accept' && name !== 'accept-encoding');
  return Object.fromEntries(own.map((name) => [name, String(request.headers[name] ?? '')]));
}

/** Everything about a caller that an answer may depend on. */
function factsOf(caller: Caller | undefined): string {
  if (caller === undefined) return 'public';
  const { id, scopes, plan, authentication } = caller;
  return `caller:${JSON.stringify([id, [...scopes].toSorted(), plan, authentication?.acr])}`;
}

/** By the id alone: what one device changes is another answer for all of them. */
function stampKeyOf(caller: Caller | undefined): string {
  return `changed\n${caller === undefined ? 'public' : `caller:${caller.id}`}`;
}
