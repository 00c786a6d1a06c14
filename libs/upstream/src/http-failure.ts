import { type FailureReason, type Rejection, UpstreamError } from '@bff/problem';
import { errors } from 'undici';

const reasonByCode = new Map<string, FailureReason>([
  ['ECONNREFUSED', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  ['EPIPE', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
  ['UND_ERR_SOCKET', 'unreachable'],
  ['UND_ERR_CLOSED', 'unreachable'],
  ['UND_ERR_DESTROYED', 'unreachable'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_OVERFLOW', 'bad_response'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'bad_response'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'bad_response'],
]);

/** What a failed HTTP exchange means; an error that is none (a mistake of ours) comes back as it is. */
export function toHttpFailure(upstream: string, thrown: unknown): unknown {
  const code = codeOf(thrown);
  const reason = thrown instanceof errors.HTTPParserError ? 'bad_response' : reasonByCode.get(code);
  return reason === undefined ? thrown : new UpstreamError(upstream, reason, code, { cause: thrown });
}

/** By shape, not by class: errors of Node's core belong to another realm wherever code runs in a VM context. */
function codeOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}

/** What a status other than 2xx means. Redirects are not followed: no service of ours may send us elsewhere. */
export function toStatusFailure(upstream: string, status: number): UpstreamError {
  const message = `status ${status}`;
  if (status === 429 || status === 503) return new UpstreamError(upstream, 'overloaded', message);
  if (status === 408 || status === 504) return new UpstreamError(upstream, 'timeout', message);
  if (status === 502) return new UpstreamError(upstream, 'unreachable', message);
  if (status < 400 || status >= 500) return new UpstreamError(upstream, 'bad_response', message);
  return new UpstreamError(upstream, 'rejected', message, { rejection: rejectionOf(status) });
}

function rejectionOf(status: number): Rejection {
  if (status === 404 || status === 410) return 'not_found';
  if (status === 400 || status === 422) return 'invalid';
  return status === 409 || status === 412 ? 'conflict' : 'gateway';
}
