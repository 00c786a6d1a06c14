import { UpstreamError } from '@bff/problem';
import type { HttpAnswer } from '../http/http-answer.js';
import { createPolicyClass } from './answer-policy.js';
import { AnswerStore } from './answer-store.js';
import { type CachedRequest, goesPastCache } from './cached-request.js';
import { RecentChanges } from './recent-changes.js';
import { maySayCacheable } from './storable-headers.js';
import { everybody, type StoredAnswer } from './stored-answer.js';
import { type StorageRules, toStoredAnswer } from './to-stored-answer.js';

export type { CachedRequest } from './cached-request.js';

export interface CacheOptions {
  /** Of all answers together: bodies, headers and keys. One that is larger than a tenth of it is not stored. */
  readonly maxBytes: number;
  /** Share answers that say `public` among callers. */
  readonly shared: boolean;
}

/** Every GET is counted as one of four; what is refreshed in the background is not a GET. */
export interface CacheState {
  readonly entries: number;
  readonly bytes: number;
  /** Answered fresh from the cache. */
  readonly hits: number;
  /** Answered by the service, or not at all. */
  readonly misses: number;
  /** Answered from the cache after the service had confirmed it. */
  readonly revalidated: number;
  /** Answered stale: while revalidating, or because the service failed. */
  readonly stale: number;
}

/**
 * Asks the service, with these headers beside those of the request. Resolves with its answer, 304 included; throws
 * UpstreamError for failures, which a status of 5xx is one of.
 */
type Ask = (conditions: Readonly<Record<string, string>>) => Promise<HttpAnswer>;

/** What `ask` is given when there is nothing to compare with; always this object. */
export const noConditions: Readonly<Record<string, string>> = {};

/**
 * The answers of one service, as far as they allow to be kept (RFC 9111) and to be served stale (RFC 5861). Private
 * to each identity; with `shared`, answers that say `public` are everybody's. Never guesses a freshness, never stores
 * a cookie. A body that it may keep is shared by all who get it: nobody may write to one.
 */
export class AnswerCache {
  private readonly store: AnswerStore;
  private readonly rules: StorageRules;
  private readonly changes = new RecentChanges();
  private readonly counts = { hits: 0, misses: 0, revalidated: 0, stale: 0 };

  constructor(
    private readonly upstream: string,
    options: CacheOptions,
    nowMs: () => number = Date.now,
  ) {
    this.store = new AnswerStore(options.maxBytes);
    this.rules = { Policy: createPolicyClass(nowMs), mayShare: options.shared };
  }

  /**
   * For GET only. `ask` is called once at most, but for a 304 that is about another answer. To refresh in the
   * background it is called in the caller's async context, and goes on when the answer has long been given: what
   * it does must not end because that caller then leaves.
   */
  get(request: CachedRequest, ask: Ask): Promise<HttpAnswer> {
    const stored = this.store.find(request);
    if (stored === undefined || goesPastCache(request)) return this.miss(request, ask);
    if (!stored.canServe) {
      this.store.remove(stored);
      return this.miss(request, ask);
    }
    if (stored.isFresh) {
      this.counts.hits += 1;
      return Promise.resolve(stored.answer());
    }
    if (!stored.mayServeWhileRevalidating) return this.validate(stored, request, ask);
    this.counts.stale += 1;
    if (!stored.isRefreshing) void this.refresh(stored, request, ask);
    return Promise.resolve(stored.answer());
  }

  /**
   * RFC 9111, section 4.4: for a path that an unsafe call has changed, and the same-host paths that its answer named
   * in Location or Content-Location. Answers that were asked for before are not stored afterwards.
   */
  invalidate(path: string): void {
    this.changes.add(path);
    this.store.removePath(path);
  }

  state(): CacheState {
    return { entries: this.store.entries, bytes: this.store.bytes, ...this.counts };
  }

  private miss(request: CachedRequest, ask: Ask): Promise<HttpAnswer> {
    this.counts.misses += 1;
    return this.load(request, ask);
  }

  private async load(request: CachedRequest, ask: Ask): Promise<HttpAnswer> {
    const askedAt = this.changes.count;
    const answer = await ask(noConditions);
    if (answer.status === 304 && !goesPastCache(request))
      throw new UpstreamError(this.upstream, 'bad_response', '304 without conditions');
    if (maySayCacheable(answer)) this.keep(request, answer, askedAt);
    return answer;
  }

  private async validate(stored: StoredAnswer, request: CachedRequest, ask: Ask): Promise<HttpAnswer> {
    const askedAt = this.changes.count;
    try {
      const { answer, isConfirmed } = await this.renew(stored, request, ask);
      this.counts[isConfirmed ? 'revalidated' : 'misses'] += 1;
      return answer;
    } catch (error) {
      const isChanged = this.changes.isChangedSince(request.path, askedAt);
      const isStale = isOutage(error) && stored.mayServeOnError && !isChanged;
      this.counts[isStale ? 'stale' : 'misses'] += 1;
      if (isStale) return stored.answer();
      throw error;
    }
  }

  /** One at a time for each answer. That it fails is no concern of whoever was served meanwhile. */
  private async refresh(stored: StoredAnswer, request: CachedRequest, ask: Ask): Promise<void> {
    stored.isRefreshing = true;
    try {
      await this.renew(stored, request, ask);
    } catch {
      // The next one who is served stale tries again.
    } finally {
      stored.isRefreshing = false;
    }
  }

  /** RFC 9111, section 4.3: a 304 keeps the stored answer, any other one takes its place, a rejection ends it. */
  private async renew(stored: StoredAnswer, request: CachedRequest, ask: Ask) {
    const askedAt = this.changes.count;
    const answer = await ask(stored.conditions).catch((error: unknown) => {
      if (isRejection(error)) this.store.remove(stored);
      throw error;
    });
    if (answer.status === 304 && stored.canBeValidated && stored.isConfirmedBy(answer))
      return { answer: this.confirm(stored, request, answer), isConfirmed: true };
    this.store.remove(stored);
    if (answer.status === 304) return { answer: await this.load(request, ask), isConfirmed: false };
    if (maySayCacheable(answer)) this.keep(request, answer, askedAt);
    return { answer, isConfirmed: false };
  }

  /** What was stored for one identity stays with it, whatever the 304 says. */
  private confirm(stored: StoredAnswer, request: CachedRequest, update: HttpAnswer): HttpAnswer {
    const answer = stored.confirmed(update);
    if (!this.store.has(stored)) return answer;
    this.store.remove(stored);
    const mayShare = this.rules.mayShare && stored.owner === everybody;
    const renewed = toStoredAnswer(request, answer, { ...this.rules, mayShare });
    if (renewed !== undefined) this.store.add(renewed, request);
    return answer;
  }

  private keep(request: CachedRequest, answer: HttpAnswer, askedAt: number): void {
    if (goesPastCache(request) || this.changes.isChangedSince(request.path, askedAt)) return;
    const stored = toStoredAnswer(request, answer, this.rules);
    if (stored !== undefined) this.store.add(stored, request);
  }
}

function isRejection(error: unknown): boolean {
  return error instanceof UpstreamError && error.reason === 'rejected';
}

/** What `stale-if-error` stands in for. A caller who left is no failure of the service. */
function isOutage(error: unknown): boolean {
  return error instanceof UpstreamError && error.reason !== 'rejected';
}
