import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@bff/problem';
import { serverLimits } from '../server/server-limits.js';
import { isCallerTimeout } from './caller-timeout.js';

/** Throws for a request that Node's parser takes but no gateway should act on or pass on. */
export function refuseMalformed(request: IncomingMessage): void {
  const { rawHeaders, url = '' } = request;
  if (rawHeaders.length / 2 > serverLimits.headerCount) throw new ProblemError('headers_too_large');
  if (url.length > serverLimits.urlLength) throw new ProblemError('uri_too_long');
  refuseOldFraming(request);
  refuseBadHost(request);
  refuseBadTimeout(request);
  dropAmbiguousHeaders(request);
}

/** HTTP/0.9 has no headers, and what HTTP/1.0 means by Transfer-Encoding nobody knows (RFC 9112, section 6.1). */
function refuseOldFraming({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion === '1.1' || (httpVersion === '1.0' && headers['transfer-encoding'] === undefined)) return;
  throw new ProblemError('malformed_request', 'Use HTTP/1.1.', { headers: { Connection: 'close' } });
}

/** A registered name, an IPv4 address or an IPv6 address in brackets; then perhaps a port (RFC 3986, 3.2.2). */
const hostSyntax = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** RFC 9112, section 3.2: exactly one Host, except that HTTP/1.0 knows none. */
function refuseBadHost({ rawHeaders, headers, httpVersion }: IncomingMessage): void {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) {
    throw new ProblemError('malformed_request', 'A request has exactly one Host header.');
  }
  if (headers.host !== undefined && !hostSyntax.test(headers.host)) {
    throw new ProblemError('malformed_request', 'The Host header is not a host.');
  }
}

function refuseBadTimeout({ headers }: IncomingMessage): void {
  const header = headers['x-timeout-ms'];
  if (header === undefined || isCallerTimeout(header)) return;
  throw new ProblemError('malformed_request', 'X-Timeout-Ms is a whole number of milliseconds, from 1.');
}

/** Some services read `x_user_id` as `x-user-id`: a name with `_` from outside is dropped. */
function dropAmbiguousHeaders({ headers }: IncomingMessage): void {
  for (const name in headers) {
    if (name.includes('_')) delete headers[name];
  }
}
