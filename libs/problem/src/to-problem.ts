import { HttpException } from '@nestjs/common';
import type { ProblemCode } from './problem-codes.js';
import { ProblemError } from './problem.error.js';
import { toRetryAfter } from './retry-after.js';
import { UpstreamError, unwrapUpstreamError } from './upstream.error.js';

/** The one place where what was thrown inside becomes what is told outside. */
export function toProblemError(caught: unknown): ProblemError {
  if (caught instanceof ProblemError) return caught;
  const thrown = unwrapUpstreamError(caught);
  if (thrown instanceof UpstreamError)
    return new ProblemError(codeOfUpstreamError(thrown), undefined, { cause: thrown, ...retryAfter(thrown) });
  const code = codeOfStatus(statusOf(thrown));
  return new ProblemError(code, undefined, { cause: thrown });
}

function retryAfter({ reason, retryAfterMs, retryBeforeMs }: UpstreamError): {
  headers?: { 'Retry-After': string };
} {
  if (retryAfterMs === undefined || (reason !== 'overloaded' && reason !== 'circuit_open')) return {};
  return { headers: { 'Retry-After': toRetryAfter(retryAfterMs, retryBeforeMs) } };
}

function codeOfUpstreamError(error: UpstreamError): ProblemCode {
  if (error.reason !== 'rejected') return `upstream_${error.reason}`;
  switch (error.rejection) {
    case 'not_found':
      return 'not_found';
    case 'invalid':
      return 'refused';
    case 'conflict':
      return 'conflict';
    case 'gateway':
    case undefined:
      return 'upstream_rejected';
  }
}

/** Nest throws HttpException; Express and its parsers throw errors with a `status`. Other values are ours: 500. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status =
    typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined;
  return typeof status === 'number' ? status : 500;
}

const codeByStatus = new Map<number, ProblemCode>([
  [400, 'malformed_request'],
  [401, 'unauthenticated'],
  [403, 'insufficient_scope'],
  [404, 'not_found'],
  [405, 'method_not_allowed'],
  [406, 'not_acceptable'],
  [408, 'request_timeout'],
  [409, 'conflict'],
  [410, 'gone'],
  [413, 'payload_too_large'],
  [414, 'uri_too_long'],
  [415, 'unsupported_media_type'],
  [422, 'refused'],
  [429, 'rate_limited'],
  [431, 'headers_too_large'],
  [503, 'overloaded'],
]);

export function codeOfStatus(status: number): ProblemCode {
  return codeByStatus.get(status) ?? (status >= 400 && status < 500 ? 'malformed_request' : 'internal_error');
}
