import type { Request } from 'express';
import { currentContext } from '@bff/context';
import type { RouteCache } from '@bff/proxy';
import { type AnswerCache, type CacheState, Flights, goesPastCache } from '@bff/upstream';
import type { ResponseSink } from '../response-sink.js';
import { type Asked, toCachedRequest, urlOf } from './asked.js';
import { CallerSink } from './caller-sink.js';
import { ChangingSink } from './changing-sink.js';
import { SharedFetch } from './shared-fetch.js';

/** They change nothing (RFC 9110, section 9.2.1). */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The answers of all routes that keep any, and the requests for them. */
export class CachedAnswers {
  private readonly flights = new Flights();

  constructor(private readonly cache: AnswerCache) {}

  /** Resolves when the caller has all of the answer; rejects as a request without a cache does. */
  serve(asked: Asked): Promise<void> {
    const { request, compiled } = asked;
    const { cache } = compiled.route;
    if (!safeMethods.has(request.method)) return this.passChange(asked);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    return cache === undefined || !isRead ? this.pass(asked) : this.read(asked, cache);
  }

  /** For a request that did not come this way: what it may have changed is asked for again. */
  async change(request: Request): Promise<void> {
    if (!safeMethods.has(request.method)) await this.cache.invalidate(urlOf(request));
  }

  purge(labels: readonly string[]): ReturnType<AnswerCache['purge']> {
    return this.cache.purge(labels);
  }

  state(): CacheState {
    return this.cache.state();
  }

  close(): Promise<void> {
    return this.cache.close();
  }

  private async read(asked: Asked, rules: RouteCache): Promise<void> {
    const { compiled, relayed } = asked;
    const caller = new CallerSink(asked);
    if (relayed.body !== null || wantsItsOwn(asked)) return this.pass(asked, caller);
    const context = currentContext();
    const question = toCachedRequest(asked, rules, context);
    const key = JSON.stringify([relayed.method, question]);
    const limitMs = Math.min(
      context?.deadline.remainingMs() ?? Infinity,
      compiled.route.timeoutMs ?? Infinity,
    );
    const { cache } = this;
    const own: SharedFetch[] = [];
    const shared = await this.flights.join(key, context, limitMs, (scope) => {
      const fetch = new SharedFetch({ cache, question, rules, asked, caller, scope });
      own.push(fetch);
      return fetch.shared;
    });
    const [first] = own;
    if (first !== undefined) return first.delivered;
    if (shared === undefined) {
      caller.how = 'fwd=uri-miss';
      return this.pass(asked, caller);
    }
    caller.how = shared.how;
    caller.give(shared.answer);
  }

  private passChange(asked: Asked): Promise<void> {
    const invalidate = (url: string): Promise<void> => this.cache.invalidate(url);
    return this.pass(asked, new ChangingSink(asked.sink, urlOf(asked.request), invalidate));
  }

  private pass(
    { upstream, relayed, compiled, ...asked }: Asked,
    sink: CallerSink | ChangingSink | ResponseSink = asked.sink,
  ): Promise<void> {
    return upstream.http.relay(relayed, sink, compiled.route.timeoutMs);
  }
}

/** What the cache itself can compare is no wish of the caller's that only the service could fulfil. */
function wantsItsOwn({ request }: Asked): boolean {
  const { 'if-none-match': _tag, 'if-modified-since': _since, ...others } = request.headers;
  return goesPastCache({ headers: others as Record<string, string> });
}
