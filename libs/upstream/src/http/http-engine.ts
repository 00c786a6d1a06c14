import { AnswerCache, type CachedRequest, noConditions } from '../cache/answer-cache.js';
import { isRelayed } from '../engine/attempt.error.js';
import { openEngine } from '../engine/open-engine.js';
import type { UpstreamCall } from '../engine/upstream-call.js';
import type { UpstreamEngine } from '../engine/upstream-engine.js';
import type { UpstreamState } from '../engine/upstream-state.js';
import type { ReplicaCache } from '../cache/replica-store.js';
import { readHttpUrls } from '../read-url.js';
import { UpstreamSettingError } from '../upstream-setting.error.js';
import {
  defaultCache,
  defaultMaxAnswerBytes,
  type Identities,
  type UpstreamConfig,
} from '../upstream-options.js';
import type { HttpAnswer } from './http-answer.js';
import {
  HttpConnection,
  type HttpRequest,
  type RelayRequest,
  type UpgradeRequest,
} from './http-connection.js';
import { acceptJson } from './json.js';
import type { RelaySink } from './relay-exchange.js';
import { readTlsFiles } from './tls-options.js';
import type { UpgradeSink } from './upgrade-exchange.js';

const safeMethods = new Set<HttpRequest['method']>(['GET', 'HEAD']);
/** How long a call waits for the store that replicas share: so long, or this part of the time-out. */
const maxPatienceMs = 50;
const patienceShare = 0.1;
const idempotentMethods = new Set<HttpRequest['method']>(['GET', 'HEAD', 'PUT', 'DELETE']);

type HttpCall = UpstreamCall<HttpConnection, HttpAnswer>;

/** What a request does, where its method does not say. */
export interface HttpSemantics {
  /** A POST that only reads. */
  readonly safe?: boolean;
  /** A POST that its service recognises when it comes again. */
  readonly idempotent?: boolean;
  /** Where the call itself waits less long than its upstream's time-out. */
  readonly timeoutMs?: number;
}

/** What becomes of an answer. Both throw UpstreamError. */
export interface HttpReading<R> {
  /** What is wrong with an answer as such, so that its attempt has failed. */
  readonly check?: ((answer: HttpAnswer) => void) | undefined;
  /** What its caller gets of it. */
  read(answer: HttpAnswer): R;
}

/** The engine of a service that is reached over HTTP, whatever it speaks there, with the cache before it. */
export class HttpEngine {
  readonly engine: UpstreamEngine<HttpConnection>;
  /** The path of the configured URL, without a slash at its end; comes before every path. */
  readonly prefix: string;
  /** The largest answer that anything may be made from. */
  readonly maxAnswerBytes: number;
  private readonly cache: AnswerCache | undefined;

  constructor(
    readonly name: string,
    config: UpstreamConfig,
    identities: Identities,
    replicas?: ReplicaCache,
  ) {
    const { endpoints, path } = readHttpUrls(name, config.url);
    const tls = readTlsFiles(name, config.tls);
    const { maxAnswerBytes = defaultMaxAnswerBytes, http2 = false, check } = config;
    this.prefix = path;
    this.maxAnswerBytes = maxAnswerBytes;
    this.engine = openEngine(name, config, identities, {
      endpoints,
      open: (place, { bulkhead }) =>
        new HttpConnection({
          upstream: name,
          place,
          sockets: bulkhead.concurrent,
          maxAnswerBytes,
          tls,
          http2,
          checkPath: check?.path,
        }),
    });
    this.cache = openCache(name, config, replicas);
  }

  /** What `read` makes of an answer of 2xx; throws UpstreamError for all others. */
  send<R>(request: HttpRequest, reading: HttpReading<R>, semantics: HttpSemantics = {}): Promise<R> {
    const { safe = safeMethods.has(request.method) } = semantics;
    const { idempotent = safe || idempotentMethods.has(request.method) } = semantics;
    const { cache } = this;
    const call: HttpCall = {
      safe,
      idempotent,
      key: safe ? keyOf(request) : undefined,
      timeoutMs: semantics.timeoutMs,
      send: (attempt, connection, more) =>
        connection.exchange(
          more === noConditions ? request : withHeaders(request, more),
          attempt,
          reading.check,
        ),
      around: cache && aroundOf(cache, request, safe),
    };
    return this.engine.call(call, (answer) => reading.read(answer));
  }

  /**
   * Hands a request on, and its answer to `sink` as it comes: under the whole policy until the answer has begun, and
   * ended at the socket when the caller leaves. Resolves when the sink has all of it; rejects with UpstreamError.
   */
  async relay(request: RelayRequest, sink: RelaySink, timeoutMs?: number): Promise<void> {
    const method = request.method as HttpRequest['method'];
    const call: UpstreamCall<HttpConnection, void> = {
      safe: false,
      idempotent: request.body === null && idempotentMethods.has(method),
      timeoutMs,
      uploadMs: request.uploadMs,
      send: (attempt, connection) => connection.relay(request, attempt, sink),
    };
    await this.handOn(call);
  }

  /**
   * Asks for a WebSocket: as a relayed request until the service has answered, then a connection that keeps its place in
   * the bulkhead. Resolves when it is over, or has been declined and `sink` has that answer; rejects with UpstreamError.
   */
  async upgrade(request: UpgradeRequest, sink: UpgradeSink, timeoutMs?: number): Promise<void> {
    await this.handOn({
      safe: false,
      idempotent: true,
      timeoutMs,
      send: (attempt, connection) => connection.upgrade(request, attempt, sink),
    });
  }

  /** A failure that the caller already has as the service's answer is none for whoever handed it on. */
  private async handOn(call: UpstreamCall<HttpConnection, void>): Promise<void> {
    try {
      await this.engine.call(call, () => undefined);
    } catch (error) {
      if (!isRelayed(error)) throw error;
    }
  }

  /** Other URLs, with the same path. Throws UpstreamSettingError. */
  moveTo(url: string): void {
    const { endpoints, path } = readHttpUrls(this.name, url);
    if (path !== this.prefix)
      throw new UpstreamSettingError(this.name, 'url', 'the paths of all its URLs must be the same');
    this.engine.moveTo(endpoints);
  }

  state(): Omit<UpstreamState, 'protocol' | 'url'> {
    return { ...this.engine.state(), cache: this.cache?.state() };
  }

  async close(): Promise<void> {
    await Promise.all([this.engine.close(), this.cache?.close()]);
  }
}

/** Throws UpstreamSettingError. */
function openCache(
  name: string,
  { url, timeoutMs, cache = {} }: UpstreamConfig,
  replicas: ReplicaCache | undefined,
): AnswerCache | undefined {
  if (cache === false) return undefined;
  const { store, ...config } = cache;
  if (store && replicas === undefined)
    throw new UpstreamSettingError(name, 'cache.store', 'this gateway has no store to keep answers in');
  const patienceMs = Math.min(maxPatienceMs, timeoutMs * patienceShare);
  const shared = store && replicas && { ...replicas, service: [name, url], patienceMs };
  return new AnswerCache(name, { ...defaultCache, ...config, replicas: shared || undefined });
}

/** What the cache does about a request: it answers reads, and forgets what a change has made wrong. */
function aroundOf(cache: AnswerCache, request: HttpRequest, safe: boolean): HttpCall['around'] {
  if (request.method === 'GET') return (ask, who) => cache.get(forCache(request, who), ask);
  if (safe) return undefined;
  return async (ask) => {
    const answer = await ask();
    await Promise.all(changedPaths(request, answer).map((path) => cache.invalidate(path)));
    return answer;
  };
}

/** RFC 9111, section 4.4: what was changed, and what the answer says was changed with it. */
function changedPaths({ path }: HttpRequest, { headers }: HttpAnswer): string[] {
  const others = ['location', 'content-location'].map((name) => headers[name]);
  return [
    path,
    ...others.filter((value): value is string => typeof value === 'string' && value.startsWith('/')),
  ];
}

function keyOf({ method, path, headers, body }: HttpRequest): string {
  const asked = headers === acceptJson ? '' : JSON.stringify(headers);
  return `${method} ${path}\n${asked}\n${body?.toString() ?? ''}`;
}

function withHeaders(request: HttpRequest, more: Readonly<Record<string, string>>): HttpRequest {
  return { ...request, headers: { ...request.headers, ...more } };
}

/** What a request carries to prove who asks is part of who asks. */
function forCache({ path, headers }: HttpRequest, who: string): CachedRequest {
  if (headers['authorization'] === undefined) return { path, headers, identity: who };
  const { authorization, ...varying } = headers;
  return { path, headers: varying, identity: `${who}\0${authorization}` };
}
