import type { Answer, NotModified } from './answer.js';
import { followEvents } from './follow-events.js';
import { stringify } from './json.js';
import { readAnswer, readFailure } from './read-answer.js';
import { readRecords } from './read-records.js';
import { type AnyOptions, type Call, toHeaders, toTarget } from './request.js';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;
type HeaderFields = Readonly<Record<string, string>>;

export interface TransportOptions {
  /** Where the gateway is; undefined: where the page comes from. */
  readonly baseUrl?: string;
  /** Instead of the one that browsers and Node have. */
  readonly fetch?: Fetch;
  /** Asked before every call, for example for `{ authorization: 'Bearer …' }`. */
  readonly headers?: () => HeaderFields | Promise<HeaderFields>;
  /** Sends `X-CSRF: 1`, without which a gateway takes no cookie. */
  readonly csrf?: boolean;
  /** Whether cookies go along: only to where the page comes from (default), or also to another origin. */
  readonly credentials?: 'same-origin' | 'include' | 'omit';
  /** Integers beyond 2^53 are bigints instead of rounded; set by the client of an API that has such. */
  readonly exactIntegers?: boolean;
}

/** Carries the calls of a generated client. Failures of the network, and aborts, are those of `fetch`. */
export interface Transport {
  /** The type of the answer is what the caller says that it is. */
  call<Reply extends Answer<unknown> | NotModified>(call: Call, options?: AnyOptions): Promise<Reply>;
  /** Section by section; leaving the loop ends the request. */
  stream<ProgressRecord>(call: Call, options?: AnyOptions): AsyncGenerator<ProgressRecord, void>;
  /** Event by event, opened again whenever it is cut off; leaving the loop ends it. */
  events<ServerEvent>(call: Call, options?: AnyOptions): AsyncGenerator<ServerEvent, void>;
}

export function createTransport(options: TransportOptions = {}): Transport {
  const { exactIntegers = false } = options;
  const send = async (call: Call, callOptions: AnyOptions, accept: string): Promise<Response> => {
    const url = (options.baseUrl ?? '').replace(/\/+$/, '') + toTarget(call, callOptions);
    const response = await (options.fetch ?? fetch)(url, {
      method: call.method,
      headers: {
        ...toHeaders(call, callOptions, accept),
        ...(options.csrf === true ? { 'x-csrf': '1' } : {}),
        ...(await options.headers?.()),
        ...callOptions.headers,
      },
      credentials: options.credentials ?? 'same-origin',
      body: call.body === undefined ? null : stringify(call.body),
      signal: callOptions.signal ?? null,
    });
    if (response.ok || response.status === 304) return response;
    throw await readFailure(response);
  };
  return {
    call: async <Reply>(call: Call, callOptions: AnyOptions = {}) =>
      (await readAnswer(await send(call, callOptions, 'application/json'), exactIntegers)) as Reply,
    async *stream<ProgressRecord>(call: Call, callOptions: AnyOptions = {}) {
      const response = await send(call, callOptions, 'application/x-ndjson');
      const records = readRecords(response, callOptions.signal, exactIntegers);
      yield* records as AsyncGenerator<ProgressRecord, void>;
    },
    async *events<ServerEvent>(call: Call, callOptions: AnyOptions = {}) {
      const open = (signal: AbortSignal) => send(call, { ...callOptions, signal }, 'text/event-stream');
      const events = followEvents(open, { signal: callOptions.signal, exactIntegers });
      yield* events as AsyncGenerator<ServerEvent, void>;
    },
  };
}
