import type { IncomingMessage, ServerResponse } from 'node:http';
import Negotiator from 'negotiator';
import { describeProblem } from './describe-problem.js';
import { problemCodes } from './problem-codes.js';
import { ProblemError } from './problem.error.js';
import { toProxyStatus } from './proxy-status.js';
import { toProblemXml } from './problem-xml.js';
import { toRetryAfter } from './retry-after.js';

const xmlTypes = ['application/problem+xml', 'application/xml', 'text/xml'];
const problemTypes = ['application/problem+json', 'application/json', ...xmlTypes];

/** When to come again after a 503 that does not know better: soon, but not at once. */
const retryAfterMs = 5_000;

/** Ends the request with a problem: JSON, or XML for those who prefer it. Never cached. */
export function writeProblem(request: IncomingMessage, response: ServerResponse, error: ProblemError): void {
  const [status] = problemCodes[error.code];
  const problem = describeProblem(error, requestIdOf(response));
  const asXml = prefersXml(request);
  response.statusCode = status;
  setProblemHeaders(response, error);
  if (response.hasHeader('Upgrade')) addToList(response, 'Connection', 'Upgrade');
  response.removeHeader('ETag');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', asXml ? 'application/problem+xml' : 'application/problem+json');
  addToList(response, 'Vary', 'Accept');
  const body = Buffer.from(asXml ? toProblemXml(problem) : JSON.stringify(problem));
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** What a problem says beside its body, in whatever form that is. */
export function setProblemHeaders(response: ServerResponse, { code, headers }: ProblemError): void {
  const [status] = problemCodes[code];
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status === 503 && !response.hasHeader('Retry-After'))
    response.setHeader('Retry-After', toRetryAfter(retryAfterMs));
  const proxyStatus = toProxyStatus(code);
  if (proxyStatus !== undefined) response.setHeader('Proxy-Status', proxyStatus);
}

function requestIdOf(response: ServerResponse): string | undefined {
  const requestId = response.getHeader('X-Request-Id');
  return typeof requestId === 'string' ? requestId : undefined;
}

/** A client that accepts neither form still gets JSON: an error must be told (RFC 9110, 15.5.7). */
function prefersXml(request: IncomingMessage): boolean {
  if (request.headers.accept === undefined) return false;
  return xmlTypes.includes(new Negotiator(request).mediaType(problemTypes) ?? '');
}

function addToList(response: ServerResponse, header: string, member: string): void {
  const list = String(response.getHeader(header) ?? '');
  const members = list.split(',').map((part) => part.trim().toLowerCase());
  if (!members.includes(member.toLowerCase()))
    response.setHeader(header, list === '' ? member : `${list}, ${member}`);
}
