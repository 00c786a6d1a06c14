import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProblem, toProxyStatus } from '@bff/problem';
import { readRequestId } from '@bff/tracing';
import type { PlainRequest } from './plain-request.js';
import { serverLimits } from './server-limits.js';

/** One after the other, so that not all who are refused come back at once; drawing one would cost more. */
const waitsSeconds = [2, 3, 4, 5];
let refusals = 0;
const nextWait = (): number => (refusals = (refusals + 1) % waitsSeconds.length);
/** What is in a request id needs no escapes in JSON. */
const marker = 'REQUEST-ID';
const [beforeId = '', afterId = ''] = JSON.stringify(
  createProblem('overloaded', { requestId: marker }),
).split(marker);
// prettier-ignore
const fixedHeaders = [
  'Content-Type', 'application/problem+json',
  'Proxy-Status', toProxyStatus('overloaded') ?? '',
  'Cache-Control', 'no-store',
  'X-Content-Type-Options', 'nosniff',
];

/** As a problem, by the cheapest way that Node has: no pipeline has seen the request. */
export function refuse(request: IncomingMessage, response: ServerResponse): void {
  const requestId = readRequestId(request.headers['x-request-id']);
  const body = beforeId + requestId + afterId;
  response.writeHead(503, [
    ...fixedHeaders,
    'Retry-After',
    String(waitsSeconds[nextWait()]),
    'Content-Length',
    String(body.length),
    'X-Request-Id',
    requestId,
  ]);
  response.end(request.method === 'HEAD' ? undefined : body, 'latin1');
}

const pairs = fixedHeaders.map((text, index) => text + (index % 2 === 0 ? ': ' : '\r\n'));
const beforeLength = waitsSeconds.map(
  (seconds) =>
    `HTTP/1.1 503 Service Unavailable\r\n${pairs.join('')}Retry-After: ${seconds}\r\nContent-Length: `,
);
const afterDate = `\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${serverLimits.keepAliveTimeoutMs / 1_000}\r\n\r\n`;

/** The same answer to a request that Node has not read, as it goes to the socket; all of it is ASCII. */
export function toRefusal(request: PlainRequest): string {
  const requestId = readRequestId(request.requestId);
  const length = beforeId.length + requestId.length + afterId.length;
  const body = request.isHead ? '' : beforeId + requestId + afterId;
  return `${beforeLength[nextWait()]}${length}\r\nX-Request-Id: ${requestId}\r\nDate: ${readDate()}${afterDate}${body}`;
}

let date = '';
let dateSeconds = NaN;

/** Written anew once a second, as Node does. */
function readDate(): string {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  if (nowSeconds !== dateSeconds) date = new Date(nowSeconds * 1_000).toUTCString();
  dateSeconds = nowSeconds;
  return date;
}
