import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { ProblemError } from '@bff/problem';
import { serverLimits } from '../server/server-limits.js';

/** Ends a request that Node's parser takes but no gateway should act on or pass on. */
export function refuseMalformed(request: Request, _response: Response, next: NextFunction): void {
  const { rawHeaders, url } = request;
  if (rawHeaders.length / 2 > serverLimits.headerCount) throw new ProblemError('headers_too_large');
  if (url.length > serverLimits.urlLength) throw new ProblemError('uri_too_long');
  refuseBadHost(request);
  dropAmbiguousHeaders(request);
  next();
}

/** RFC 9112, section 3.2: exactly one Host, except that HTTP/1.0 knows none. */
function refuseBadHost({ rawHeaders, headers, httpVersion }: IncomingMessage): void {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) {
    throw new ProblemError('malformed_request', 'A request has exactly one Host header.');
  }
  if (!/^[\w.:[\]-]*$/.test(headers.host ?? '')) {
    throw new ProblemError('malformed_request', 'The Host header is not a host.');
  }
}

/** Some services read `x_user_id` as `x-user-id`: a name with `_` from outside is dropped. */
function dropAmbiguousHeaders({ headers }: IncomingMessage): void {
  for (const name in headers) {
    if (name.includes('_')) delete headers[name];
  }
}
