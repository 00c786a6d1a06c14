import { currentContext, Ending, PatientTimeout, type RequestContext, runInContext } from '@bff/context';
import { AbandonedError } from '@bff/problem';
import type { RouteCache } from '@bff/proxy';
import {
  type AnswerCache,
  CacheControl,
  type CachedRequest,
  type CallScope,
  type HttpAnswer,
  noConditions,
} from '@bff/upstream';
import { answerTags, labelOf } from './answer-tags.js';
import type { Asked } from './asked.js';
import type { CallerSink } from './caller-sink.js';
import { HeldAnswerError, KeepingSink } from './keeping-sink.js';
import { keptVary } from './kept-vary.js';
import { type AnswerHead, toKeeping } from './to-keeping.js';

/** An answer, and what `Cache-Status` says to others who asked the same meanwhile. */
export interface Shared {
  readonly answer: HttpAnswer;
  readonly how: string;
}

interface Fetch {
  readonly cache: AnswerCache;
  readonly question: CachedRequest;
  readonly rules: RouteCache;
  readonly asked: Asked;
  readonly caller: CallerSink;
  /** Ends when nobody waits for the answer any more. */
  readonly scope: CallScope;
}

/** The whole of an answer that is fetched when its caller has been answered already. */
const maxRefreshMs = 10_000;

/** One look into the cache and, where that does not do, one question to the service, for all who ask it meanwhile. */
export class SharedFetch {
  /** For others; undefined: the answer cannot be shared, so everybody asks themselves. */
  readonly shared: Promise<Shared | undefined>;
  /** The caller who came first has all of it; rejects with what went wrong. */
  readonly delivered: Promise<void>;
  private readonly context: RequestContext | undefined;
  private readonly sharing = Promise.withResolvers<Shared | undefined>();
  private sink: KeepingSink | undefined;
  private isCallerGone = false;
  private failure: unknown;

  constructor(private readonly fetch: Fetch) {
    this.context = currentContext();
    this.shared = this.sharing.promise;
    this.delivered = this.run();
    // Whoever came first may have left before anybody looks at it.
    this.delivered.catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { cache, question, scope } = this.fetch;
    const leave = (): void => this.leave();
    const end = (reason: unknown): void => scope.end(reason);
    this.context?.ending.add(leave);
    // From then on there is but one who waits.
    void this.shared.then((shared) => shared ?? this.context?.ending.add(end)).catch(() => undefined);
    try {
      const answer = await cache.get(question, (conditions, isRefresh = false) =>
        isRefresh ? this.refresh(conditions) : this.ask(conditions),
      );
      this.finish(answer);
    } catch (error) {
      if (!(error instanceof HeldAnswerError)) {
        this.sharing.reject(error);
        throw error;
      }
      this.give(error.answer, this.fetch.caller.how);
    } finally {
      this.context?.ending.remove(leave);
      this.context?.ending.remove(end);
    }
  }

  private finish(answer: HttpAnswer): void {
    const { sink } = this;
    const { caller } = this.fetch;
    // Half an answer is with the caller: no other one can stand in for it.
    if (sink?.hasBegun && !sink.isWhole) throw this.failure;
    const whole = sink?.whole();
    if (sink?.hasBegun) this.sharing.resolve(whole && { answer: whole, how: `${caller.how}; collapsed` });
    else this.give(answer, sink === undefined ? `hit; ttl=${ttlOf(answer)}` : caller.how);
  }

  private give(answer: HttpAnswer, how: string): void {
    const { caller } = this.fetch;
    caller.how = how;
    if (!this.isCallerGone) caller.give(answer);
    this.sharing.resolve({ answer, how: this.sink === undefined ? how : `${how}; collapsed` });
  }

  private async ask(conditions: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const { asked, caller, scope } = this.fetch;
    const isRevalidation = conditions !== noConditions;
    caller.how = isRevalidation ? 'fwd=stale' : 'fwd=uri-miss';
    const sink = this.createSink(isRevalidation, this.isCallerGone ? undefined : caller);
    this.sink = sink;
    try {
      await this.relay(asked.relayed.method, conditions, sink, scope);
    } catch (error) {
      this.failure = error;
      throw error;
    }
    return sink.answer();
  }

  /** In the background, for whoever asks next. */
  private async refresh(conditions: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const ending = new Ending();
    const late = new PatientTimeout(() => ending.end(new AbandonedError()), maxRefreshMs);
    const sink = this.createSink(true, undefined);
    try {
      await this.relay('GET', conditions, sink, ending);
      return sink.answer();
    } finally {
      late.clear();
    }
  }

  private relay(
    method: Asked['relayed']['method'],
    conditions: Readonly<Record<string, string>>,
    sink: KeepingSink,
    ending: Ending,
  ): Promise<void> {
    const { upstream, relayed, compiled } = this.fetch.asked;
    const kept = relayed.headers.filter(
      (_, index) => !ownConditions.has((relayed.headers[index - (index % 2)] ?? '').toLowerCase()),
    );
    const headers = [...kept, ...Object.entries(conditions).flat()];
    const send = (): Promise<void> =>
      upstream.http.relay({ ...relayed, method, headers }, sink, compiled.route.timeoutMs);
    return this.context === undefined ? send() : runInContext({ ...this.context, ending }, send);
  }

  private createSink(isRevalidation: boolean, caller: CallerSink | undefined): KeepingSink {
    const { asked, rules } = this.fetch;
    return new KeepingSink({
      caller,
      upstream: asked.upstream.http.name,
      isRevalidation,
      maxBytes: rules.maxBytes,
      keep: (head) => this.keep(head),
      onAlone: () => this.sharing.resolve(undefined),
    });
  }

  /** A 304 that says nothing new leaves what is kept as it is. */
  private keep(head: AnswerHead): Omit<HttpAnswer, 'body'> | undefined {
    const { asked, rules } = this.fetch;
    const { compiled, params, path } = asked;
    const isConfirmation = head.status === 304;
    if (isConfirmation && !saysHowLong.some((name) => head.headers[name] !== undefined)) return undefined;
    if (asked.relayed.method === 'HEAD' && !isConfirmation) return undefined;
    const tags = answerTags(rules.tags, params, head);
    const vary = keptVary(head, rules.vary);
    if (tags === undefined || vary === undefined) return undefined;
    const labels = [
      labelOf.route(compiled.route.name),
      labelOf.path(path.path),
      ...tags.map((tag) => labelOf.tag(tag)),
    ];
    const keep = toKeeping(rules, isConfirmation ? { ...head, status: 200 } : head, labels);
    const headers = vary === '' ? head.headers : { ...head.headers, vary };
    return keep && { status: head.status, headers, keep };
  }

  private leave(): void {
    this.isCallerGone = true;
    this.sink?.detach();
  }
}

const ownConditions = new Set(['if-none-match', 'if-modified-since']);
const saysHowLong = ['cache-control', 'expires', 'pragma'];

/** RFC 9211, section 2.5: below 0 for what is stale. */
function ttlOf({ headers, keep }: HttpAnswer): number {
  return new CacheControl(keep?.control).seconds('max-age') - Number(headers['age'] ?? 0);
}
