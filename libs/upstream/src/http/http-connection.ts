import type { Readable } from 'node:stream';
import { UpstreamError } from '@bff/problem';
import { type Dispatcher, Pool } from 'undici';
import type { Attempt } from '../engine/attempt.js';
import { AttemptError } from '../engine/attempt.error.js';
import type { Connection } from '../targets/target.js';
import type { Place } from '../targets/endpoint.js';
import type { HttpAnswer } from './http-answer.js';
import { HttpExchange } from './http-exchange.js';
import { readRetryAfter, toHttpFailure, toRelayedFailure, toStatusFailure } from './http-failure.js';
import { RelayExchange, type RelaySink } from './relay-exchange.js';
import type { TlsOptions } from './tls-options.js';
import { UpgradeExchange, type UpgradeSink } from './upgrade-exchange.js';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query. */
  readonly path: string;
  /** Lower-case names; over those of the attempt. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
}

/** A request to be handed on as it comes. */
export interface RelayRequest {
  readonly method: Dispatcher.HttpMethod;
  /** With the query. */
  readonly path: string;
  /** Name and value in turns; those of the attempt come after them. */
  readonly headers: readonly string[];
  /** Read once at most. */
  readonly body: AsyncIterable<Uint8Array> | null;
  /** The most that the body may take to be sent; the time for the answer begins behind it. Undefined: it is part of that. */
  readonly uploadMs?: number | undefined;
}

/** The opening handshake of a WebSocket (RFC 6455, section 4.1), but for the headers that ask for it. */
export type UpgradeRequest = Pick<RelayRequest, 'path' | 'headers'>;

export interface HttpConnectionOptions {
  readonly upstream: string;
  readonly place: Place;
  /** Sockets at most. */
  readonly sockets: number;
  readonly maxAnswerBytes: number;
  readonly tls: TlsOptions | undefined;
  readonly http2: boolean;
  /** The path of the active health check; undefined: there is none. */
  readonly checkPath: string | undefined;
}

/** HTTP/2 without TLS is known beforehand, not agreed on. undici's types leave this option of a pool out. */
const withoutTls: object = { useH2c: true };
const connectTimeoutMs = 1_000;
const checkTimeoutMs = 1_000;
/** How long calls in flight may take when a target is gone or the gateway stops. */
const graceMs = 10_000;

/** The sockets to one target. */
export class HttpConnection implements Connection {
  readonly check: (() => Promise<boolean>) | undefined;
  private readonly pool: Pool;
  private readonly host: string;

  constructor(private readonly options: HttpConnectionOptions) {
    const { place, sockets, tls, http2, checkPath } = options;
    const name = place.hostname.includes(':') ? `[${place.hostname}]` : place.hostname;
    this.host = `${name}:${place.port}`;
    this.pool = new Pool(`${place.tls ? 'https' : 'http'}://${this.host}`, {
      connections: sockets,
      connect: { timeout: connectTimeoutMs, ...tls, ...lookupOf(place), preferH2: http2 },
      allowH2: http2,
      ...(http2 && !place.tls ? withoutTls : {}),
      // Below the idle time of Node's own servers (5 s), so that it is us who closes an idle connection.
      keepAliveTimeout: 4_000,
      // The engine's own timer ends a call, and its own count a body; these would be second ones for each.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: -1,
    });
    if (checkPath !== undefined) this.check = () => this.isWell(checkPath);
  }

  /**
   * Any answer of 2xx, and 304 to a conditional request; rejects with UpstreamError for all others, and with what
   * `check` throws for one of 2xx.
   */
  exchange(
    request: HttpRequest,
    attempt: Attempt,
    check?: (answer: HttpAnswer) => void,
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const { upstream, maxAnswerBytes } = this.options;
      const fail = (thrown: unknown): void => reject(toHttpFailure(upstream, thrown));
      const judge = (answer: HttpAnswer): void => {
        try {
          this.judge(request, answer, check);
          resolve(answer);
        } catch (thrown) {
          reject(thrown);
        }
      };
      const exchange = new HttpExchange(upstream, maxAnswerBytes, judge, fail);
      attempt.onCancel(exchange.cancel);
      const { method, path, body = null } = request;
      const headers = { ...attempt.headers, ...request.headers };
      try {
        this.pool.dispatch({ method, path, headers, body }, exchange);
      } catch (thrown) {
        fail(thrown);
      }
    });
  }

  /**
   * Hands the answer on to `sink` as it comes, whatever its status. Resolves when it was whole; rejects with UpstreamError
   * when it was not, and for a status of 5xx, which `sink` then has all the same. What has a body, or has begun to be
   * answered, is never tried again.
   */
  relay({ method, path, headers, body }: RelayRequest, attempt: Attempt, sink: RelaySink): Promise<void> {
    const { upstream } = this.options;
    return new Promise((resolve, reject) => {
      const exchange = new RelayExchange(sink, {
        onSent: () => attempt.sent(),
        onBegin: () => attempt.begin(),
        onEnd: (status) => (status < 500 ? resolve() : reject(toRelayedFailure(upstream, status))),
        onError: (thrown, hasBegun) => reject(onlyOnce(upstream, thrown, hasBegun || body !== null)),
      });
      attempt.onCancel(exchange.cancel);
      const all = [...headers];
      for (const name in attempt.headers) all.push(name, attempt.headers[name] ?? '');
      try {
        this.pool.dispatch({ method, path, headers: all, body: body as Readable | null }, exchange);
      } catch (thrown) {
        reject(onlyOnce(upstream, thrown, true));
      }
    });
  }

  /**
   * Asks for a WebSocket. Resolves when it is over, or when an answer that declines it was handed on whole; rejects as
   * `relay` does. Its socket is none of this connection's any more.
   */
  upgrade({ path, headers }: UpgradeRequest, attempt: Attempt, sink: UpgradeSink): Promise<void> {
    const { upstream } = this.options;
    return new Promise((resolve, reject) => {
      const exchange = new UpgradeExchange(sink, {
        onBegin: () => attempt.begin(),
        onEnd: (status) => (status < 500 ? resolve() : reject(toRelayedFailure(upstream, status))),
        onError: (thrown, hasBegun) => reject(onlyOnce(upstream, thrown, hasBegun)),
        onUpgraded: (isOver) => void isOver.then(resolve, reject),
      });
      attempt.onCancel(exchange.cancel);
      const all = [...headers];
      for (const name in attempt.headers) all.push(name, attempt.headers[name] ?? '');
      try {
        this.pool.dispatch({ method: 'GET', path, headers: all, upgrade: 'websocket' }, exchange);
      } catch (thrown) {
        reject(onlyOnce(upstream, thrown, true));
      }
    });
  }

  async close(): Promise<void> {
    const cutOff = setTimeout(() => void this.pool.destroy(), graceMs);
    try {
      await this.pool.close();
    } catch {
      // Destroyed after the grace.
    } finally {
      clearTimeout(cutOff);
    }
  }

  private judge(request: HttpRequest, answer: HttpAnswer, check?: (answer: HttpAnswer) => void): void {
    const { status, headers } = answer;
    if (status >= 200 && status <= 299) return check?.(answer);
    if (status === 304 && isConditional(request)) return;
    const failure = toStatusFailure(this.options.upstream, status, readRetryAfter(headers['retry-after']));
    failedAnswers.set(failure, answer);
    throw failure;
  }

  private async isWell(path: string): Promise<boolean> {
    const signal = AbortSignal.timeout(checkTimeoutMs);
    const { statusCode, body } = await this.pool.request({ method: 'GET', path, signal });
    await body.dump();
    return statusCode >= 200 && statusCode <= 299;
  }
}

function onlyOnce(upstream: string, thrown: unknown, isOnce: boolean): unknown {
  const failure = toHttpFailure(upstream, thrown);
  if (!isOnce || !(failure instanceof UpstreamError)) return failure;
  return new AttemptError(upstream, failure.reason, failure.message, { cause: thrown });
}

const failedAnswers = new WeakMap<object, HttpAnswer>();

/** The answer that made a failure of a status, for those who translate it themselves; never for logs. */
export function answerOf(failure: unknown): HttpAnswer | undefined {
  return typeof failure === 'object' && failure !== null ? failedAnswers.get(failure) : undefined;
}

function isConditional({ headers }: HttpRequest): boolean {
  return headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;
}

type Found = { readonly address: string; readonly family: number }[];
type OnFound = (error: null, found: Found | string, family?: number) => void;

/** Connects to the addresses that this target was resolved to, and asks no name server itself. */
function lookupOf({ addresses }: Place): object {
  if (addresses === undefined) return {};
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const [first = { address: '', family: 4 }] = found;
  const lookup = (_name: string, options: { readonly all?: boolean }, onFound: OnFound): void =>
    options.all ? onFound(null, found) : onFound(null, first.address, first.family);
  return { lookup };
}
