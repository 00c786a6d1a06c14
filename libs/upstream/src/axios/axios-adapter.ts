import { currentContext, Deadline, Ending, type RequestContext, runInContext } from '@bff/context';
import { CallerGoneError, UpstreamError } from '@bff/problem';
import { readRequestId, readTraceContext } from '@bff/tracing';
import axios, {
  type AxiosAdapter,
  AxiosError,
  AxiosHeaders,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { HttpAnswer } from '../http/http-answer.js';
import { answerOf, type HttpRequest } from '../http/http-connection.js';
import type { HttpEngine } from '../http/http-engine.js';
import { readAxiosBody, toAxiosData } from './axios-body.js';

/**
 * Makes axios call one upstream through its engine: same sockets, same policy. What axios code expects stays: statuses
 * judged by `validateStatus`, AxiosError with `response`, interceptors, transforms, `params`, `timeout`, `signal`. The
 * UpstreamError behind a failure is its `cause`, so a section that fails on it still gets the right reason.
 * Not offered: streams as request bodies, other hosts, redirects, proxies.
 */
export function createAxiosAdapter(upstream: { readonly http: HttpEngine }): AxiosAdapter {
  return async (config) => {
    const { http } = upstream;
    const request = toRequest(http, config);
    try {
      const answer = await inScopeOf(config, () =>
        http.send(request, { read: (all) => all }, { timeoutMs: config.timeout || Infinity }),
      );
      return settle(config, answer);
    } catch (error) {
      const answer = answerOf(error);
      if (answer !== undefined) return settle(config, answer, error);
      throw toAxiosError(config, error);
    }
  };
}

function toRequest(http: HttpEngine, config: InternalAxiosRequestConfig): HttpRequest {
  const url = URL.parse(axios.getUri(config), `http://${http.name}`);
  if (url === null || url.host !== http.name || url.protocol !== 'http:') {
    const message = `this HttpService calls "${http.name}" only: use a path, not ${config.url ?? ''}`;
    throw new AxiosError(message, AxiosError.ERR_BAD_OPTION, config);
  }
  const method = (config.method ?? 'get').toUpperCase() as HttpRequest['method'];
  const path = http.prefix + url.pathname + url.search;
  return { method, path, headers: toHeaders(config.headers), body: readAxiosBody(config) };
}

/** Headers that belong to the connection, or are the engine's to set. */
const reserved = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'user-agent',
  'x-deadline-ms',
  'x-identity-assertion',
  'x-request-id',
  'x-user-id',
]);

function toHeaders(headers: InternalAxiosRequestConfig['headers']): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers.toJSON())) {
    const lower = name.toLowerCase();
    if (value !== null && value !== undefined && !reserved.has(lower)) plain[lower] = String(value);
  }
  // Nobody asks services for compressed answers.
  delete plain['accept-encoding'];
  return plain;
}

/** With the `signal` of the call beside what ends the request it is made for. */
async function inScopeOf<T>({ signal }: InternalAxiosRequestConfig, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work();
  const context = currentContext() ?? outsideOfRequests();
  const ending = new Ending(signal as AbortSignal);
  const onOuterEnd = (reason: unknown): void => ending.end(reason);
  context.ending.add(onOuterEnd);
  try {
    return await runInContext({ ...context, ending }, work);
  } finally {
    context.ending.remove(onOuterEnd);
  }
}

/** For a call at start-up or from a timer: nobody waits for it but whoever made it. */
function outsideOfRequests(): RequestContext {
  const trace = readTraceContext(undefined, undefined);
  const deadline = Deadline.after(Infinity);
  return { requestId: readRequestId(undefined), trace, deadline, ending: new Ending() };
}

function settle(config: InternalAxiosRequestConfig, answer: HttpAnswer, cause?: unknown): AxiosResponse {
  const { status, headers, body } = answer;
  const response: AxiosResponse = {
    status,
    statusText: '',
    headers: AxiosHeaders.from(headers as Record<string, string>),
    data: toAxiosData(config, body),
    config,
    request: undefined,
  };
  if (config.validateStatus?.(status) ?? true) return response;
  const code = status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
  const error = new AxiosError(
    `Request failed with status code ${status}`,
    code,
    config,
    undefined,
    response,
  );
  throw Object.assign(error, { cause });
}

function toAxiosError(config: InternalAxiosRequestConfig, cause: unknown): unknown {
  if (cause instanceof CallerGoneError)
    return Object.assign(new CanceledError('canceled', config, undefined), { cause });
  if (!(cause instanceof UpstreamError)) return cause;
  const code = cause.reason === 'timeout' ? AxiosError.ECONNABORTED : AxiosError.ERR_NETWORK;
  return Object.assign(new AxiosError(cause.message, code, config), { cause });
}
