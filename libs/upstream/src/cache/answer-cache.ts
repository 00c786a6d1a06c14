import { UpstreamError } from '@bff/problem';
import type { HttpAnswer } from '../http/http-answer.js';
import { createPolicyClass } from './answer-policy.js';
import { AnswerStore } from './answer-store.js';
import { type CachedRequest, goesPastCache } from './cached-request.js';
import { RecentChanges } from './recent-changes.js';
import { ReplicaAnswers, type ReplicaAnswersOptions, type ReplicaPlace } from './replica-answers.js';
import { maySayCacheable } from './storable-headers.js';
import { everybody, type StoredAnswer } from './stored-answer.js';
import { type StorageRules, toFoundAnswer, toStoredAnswer } from './to-stored-answer.js';

export type { CachedRequest } from './cached-request.js';

export interface CacheOptions {
  /** Of all answers together: bodies, headers and keys. One that is larger than a tenth of it is not stored. */
  readonly maxBytes: number;
  /** Share answers that say `public` among callers. */
  readonly shared: boolean;
  /** Where the other replicas of this gateway find answers too. */
  readonly replicas?:
    Omit<ReplicaAnswersOptions, 'forEverybody' | 'onChange' | 'onPurge' | 'onGap'> | undefined;
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
  /** Where replicas share: looks into their store that found an answer, and those without a reply in time. */
  readonly store?: ReplicaAnswers['counts'] | undefined;
}

/**
 * Asks the service, with these headers beside those of the request. Resolves with its answer, 304 included; throws
 * UpstreamError for failures, which a status of 5xx is one of. `isRefresh`: the caller has been answered meanwhile.
 */
type Ask = (conditions: Readonly<Record<string, string>>, isRefresh?: boolean) => Promise<HttpAnswer>;

/** One GET on its way. */
interface Question {
  readonly request: CachedRequest;
  readonly ask: Ask;
  /** Where replicas share, and the store could be asked. */
  readonly place?: ReplicaPlace | undefined;
}

/** What `ask` is given when there is nothing to compare with; always this object. */
export const noConditions: Readonly<Record<string, string>> = {};

/**
 * The answers of one service, as far as they allow to be kept (RFC 9111) and to be served stale (RFC 5861). Private
 * to each identity; with `shared`, answers that say `public` are everybody's. Never guesses a freshness, never stores
 * a cookie. A body that it may keep is shared by all who get it: nobody may write to one.
 */
export class AnswerCache {
  private readonly store: AnswerStore;
  private readonly replicas: ReplicaAnswers | undefined;
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
    this.replicas = options.replicas && this.openReplicas(options.replicas);
  }

  /**
   * For GET only. `ask` is called once at most, but for a 304 that is about another answer. To refresh in the
   * background it is called in the caller's async context, and goes on when the answer has long been given: what
   * it does must not end because that caller then leaves.
   */
  get(request: CachedRequest, ask: Ask): Promise<HttpAnswer> {
    if (goesPastCache(request)) return this.miss({ request, ask });
    const stored = this.store.find(request);
    if (this.replicas === undefined || stored?.isFresh) return this.serve(stored, { request, ask });
    return this.lookAround(this.replicas, { request, ask });
  }

  /**
   * RFC 9111, section 4.4: for a path that an unsafe call has changed, and the same-host paths that its answer named
   * in Location or Content-Location. Answers that were asked for before are not stored afterwards. Takes effect here
   * at once; the promise is for the other replicas.
   */
  async invalidate(path: string): Promise<void> {
    this.forget(path);
    await this.replicas?.change(path);
  }

  /**
   * All answers with one of these labels: how many there were here. What was asked for before is not stored afterwards.
   * The promise is for the other replicas: false when they cannot be told now, but only later.
   */
  async purge(labels: readonly string[]): Promise<{ readonly purged: number; readonly areTold: boolean }> {
    const purged = this.forgetLabelled(labels);
    return { purged, areTold: (await this.replicas?.purge(labels)) ?? true };
  }

  state(): CacheState {
    const { entries, bytes } = this.store;
    return { entries, bytes, ...this.counts, store: this.replicas?.counts };
  }

  async close(): Promise<void> {
    await this.replicas?.close();
  }

  private openReplicas(options: NonNullable<CacheOptions['replicas']>): ReplicaAnswers {
    const onChange = (path: string): void => this.forget(path);
    const onPurge = (labels: readonly string[]): void => void this.forgetLabelled(labels);
    const onGap = (): void => {
      this.changes.addAll();
      this.store.clear();
    };
    return new ReplicaAnswers({ ...options, forEverybody: this.rules.mayShare, onChange, onPurge, onGap });
  }

  private forget(path: string): void {
    this.changes.add(path);
    this.store.removePath(path);
  }

  /** Which answers on their way are meant, nobody knows yet: none of them is stored. */
  private forgetLabelled(labels: readonly string[]): number {
    this.changes.addAll();
    return this.store.removeLabelled(new Set(labels));
  }

  /** Takes over what the store has, where there is nothing here, or nothing that is still fresh. */
  private async lookAround(replicas: ReplicaAnswers, { request, ask }: Question): Promise<HttpAnswer> {
    const lookedAt = this.changes.count;
    const place = await replicas.find(request);
    const stored = this.store.find(request);
    const found = place && toFoundAnswer(request, place, this.rules);
    const isOutdated = this.changes.isChangedSince(request.path, lookedAt);
    if (found === undefined || isOutdated || (stored !== undefined && !found.isFresh))
      return this.serve(stored, { request, ask, place });
    this.store.add(found, request);
    return this.serve(found, { request, ask, place });
  }

  private serve(stored: StoredAnswer | undefined, question: Question): Promise<HttpAnswer> {
    if (stored === undefined) return this.miss(question);
    if (!stored.canServe) {
      this.store.remove(stored);
      return this.miss(question);
    }
    if (stored.isFresh) {
      this.counts.hits += 1;
      return Promise.resolve(stored.answer());
    }
    if (!stored.mayServeWhileRevalidating) return this.validate(stored, question);
    this.counts.stale += 1;
    if (!stored.isRefreshing) void this.refresh(stored, question);
    return Promise.resolve(stored.answer());
  }

  private miss(question: Question): Promise<HttpAnswer> {
    this.counts.misses += 1;
    return this.load(question);
  }

  private async load(question: Question): Promise<HttpAnswer> {
    const askedAt = this.changes.count;
    const answer = await question.ask(noConditions);
    if (answer.status === 304 && !goesPastCache(question.request))
      throw new UpstreamError(this.upstream, 'bad_response', '304 without conditions');
    if (maySayCacheable(answer)) this.keep(question, answer, askedAt);
    return answer;
  }

  private async validate(stored: StoredAnswer, question: Question): Promise<HttpAnswer> {
    const askedAt = this.changes.count;
    try {
      const { answer, isConfirmed } = await this.renew(stored, question);
      this.counts[isConfirmed ? 'revalidated' : 'misses'] += 1;
      return answer;
    } catch (error) {
      const isChanged = this.changes.isChangedSince(question.request.path, askedAt);
      const isStale = isOutage(error) && stored.mayServeOnError && !isChanged;
      this.counts[isStale ? 'stale' : 'misses'] += 1;
      if (isStale) return stored.answer();
      throw error;
    }
  }

  /** One at a time for each answer. That it fails is no concern of whoever was served meanwhile. */
  private async refresh(stored: StoredAnswer, question: Question): Promise<void> {
    stored.isRefreshing = true;
    try {
      await this.renew(stored, { ...question, ask: (conditions) => question.ask(conditions, true) });
    } catch {
      // The next one who is served stale tries again.
    } finally {
      stored.isRefreshing = false;
    }
  }

  /** RFC 9111, section 4.3: a 304 keeps the stored answer, any other one takes its place, a rejection ends it. */
  private async renew(stored: StoredAnswer, question: Question) {
    const askedAt = this.changes.count;
    const answer = await question.ask(stored.conditions).catch((error: unknown) => {
      if (isRejection(error)) this.drop(stored, question);
      throw error;
    });
    if (answer.status === 304 && stored.canBeValidated && stored.isConfirmedBy(answer))
      return { answer: this.confirm(stored, question, answer), isConfirmed: true };
    this.drop(stored, question);
    if (answer.status === 304) return { answer: await this.load(question), isConfirmed: false };
    if (maySayCacheable(answer)) this.keep(question, answer, askedAt);
    return { answer, isConfirmed: false };
  }

  /** What was stored for one identity stays with it, whatever the 304 says. */
  private confirm(stored: StoredAnswer, question: Question, update: HttpAnswer): HttpAnswer {
    const answer = stored.confirmed(update);
    if (!this.store.has(stored)) return answer;
    this.store.remove(stored);
    const mayShare = this.rules.mayShare && stored.owner === everybody;
    const renewed = toStoredAnswer(question.request, answer, { ...this.rules, mayShare });
    if (renewed !== undefined) this.put(renewed, question);
    return answer;
  }

  private keep(question: Question, answer: HttpAnswer, askedAt: number): void {
    const { request } = question;
    if (goesPastCache(request) || this.changes.isChangedSince(request.path, askedAt)) return;
    const stored = toStoredAnswer(request, answer, this.rules);
    if (stored !== undefined) this.put(stored, question);
  }

  private put(stored: StoredAnswer, { request, place }: Question): void {
    this.store.add(stored, request);
    this.replicas?.keep(place, stored, request);
  }

  private drop(stored: StoredAnswer, { request }: Question): void {
    this.store.remove(stored);
    this.replicas?.remove(request, stored.owner);
  }
}

function isRejection(error: unknown): boolean {
  return error instanceof UpstreamError && error.reason === 'rejected';
}

/** What `stale-if-error` stands in for. A caller who left is no failure of the service. */
function isOutage(error: unknown): boolean {
  return error instanceof UpstreamError && error.reason !== 'rejected';
}
