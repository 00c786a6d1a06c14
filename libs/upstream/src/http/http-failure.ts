import { type FailureReason, type Rejection, UpstreamError } from '@bff/problem';
import { errors } from 'undici';
import { AttemptError, type Retry } from '../engine/attempt.error.js';

/** What a code of Node or undici means. `always`: the request cannot have left, so nothing happens twice. */
const failures = new Map<string, readonly [FailureReason, Retry]>([
  ['ECONNREFUSED', ['unreachable', 'always']],
  ['ENOTFOUND', ['unreachable', 'always']],
  ['EAI_AGAIN', ['unreachable', 'always']],
  ['EHOSTUNREACH', ['unreachable', 'always']],
  ['ENETUNREACH', ['unreachable', 'always']],
  ['UND_ERR_CONNECT_TIMEOUT', ['unreachable', 'always']],
  ['ECONNRESET', ['unreachable', 'if_idempotent']],
  ['EPIPE', ['unreachable', 'if_idempotent']],
  ['ETIMEDOUT', ['unreachable', 'if_idempotent']],
  ['UND_ERR_SOCKET', ['unreachable', 'if_idempotent']],
  ['UND_ERR_INFO', ['unreachable', 'if_idempotent']],
  ['UND_ERR_CLOSED', ['unreachable', 'always']],
  ['UND_ERR_DESTROYED', ['unreachable', 'if_idempotent']],
  ['ERR_ASSERTION', ['bad_response', 'never']],
  ['ERR_HTTP2_STREAM_ERROR', ['unreachable', 'if_idempotent']],
  ['ERR_HTTP2_SESSION_ERROR', ['unreachable', 'if_idempotent']],
  ['ERR_HTTP2_GOAWAY_SESSION', ['unreachable', 'if_idempotent']],
  ['UND_ERR_HEADERS_TIMEOUT', ['timeout', 'if_idempotent']],
  ['UND_ERR_BODY_TIMEOUT', ['timeout', 'if_idempotent']],
  ['UND_ERR_HEADERS_OVERFLOW', ['bad_response', 'never']],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', ['bad_response', 'never']],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', ['bad_response', 'never']],
]);

/** A certificate that is not this service's, or nobody's: OpenSSL's and Node's codes for it. */
const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO)/;

/** What a failed HTTP exchange means; an error that is none (a mistake of ours) comes back as it is. */
export function toHttpFailure(upstream: string, thrown: unknown): unknown {
  if (thrown instanceof UpstreamError) return thrown;
  const code = codeOf(thrown);
  const [reason, retry] = failures.get(code) ?? otherFailure(thrown, code);
  if (reason === undefined) return thrown;
  return new AttemptError(upstream, reason, code, { cause: thrown, retry });
}

function otherFailure(thrown: unknown, code: string): readonly [FailureReason | undefined, Retry] {
  if (tlsCode.test(code)) return ['unreachable', 'never'];
  return thrown instanceof errors.HTTPParserError ? ['bad_response', 'never'] : [undefined, 'never'];
}

/** By shape, not by class: errors of Node's core belong to another realm wherever code runs in a VM context. */
function codeOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}

/**
 * What a status other than 2xx means. Redirects are not followed: no service of ours may send us elsewhere.
 * `retryAfterMs` is what the service asked for.
 */
export function toStatusFailure(upstream: string, status: number, retryAfterMs?: number): UpstreamError {
  const message = `status ${status}`;
  const again = { retry: 'if_idempotent', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } as const;
  switch (status) {
    case 429:
      // Without a time, coming back would only add to what it complains of.
      return new AttemptError(upstream, 'overloaded', message, {
        ...again,
        neutral: true,
        retry: retryAfterMs === undefined ? 'never' : 'if_idempotent',
      });
    case 502:
      return new AttemptError(upstream, 'unreachable', message, again);
    case 503:
      return new AttemptError(upstream, 'overloaded', message, again);
    case 504:
      return new AttemptError(upstream, 'timeout', message, again);
    case 408:
      return new AttemptError(upstream, 'timeout', message);
  }
  if (status < 400 || status >= 500) return new AttemptError(upstream, 'bad_response', message);
  return new AttemptError(upstream, 'rejected', message, {
    rejection: rejectionOf(status),
    unauthorized: status === 401,
  });
}

/** What a status of 5xx says about a service whose answer has been handed on: it is not asked a second time. */
export function toRelayedFailure(upstream: string, status: number): UpstreamError {
  const { reason, message } = toStatusFailure(upstream, status);
  return new AttemptError(upstream, reason, message, { relayed: true });
}

function rejectionOf(status: number): Rejection {
  if (status === 404 || status === 410) return 'not_found';
  if (status === 400 || status === 422) return 'invalid';
  return status === 409 || status === 412 ? 'conflict' : 'gateway';
}

/** RFC 9110, section 10.2.3: seconds or a date; undefined for anything else. */
export function readRetryAfter(
  header: string | string[] | undefined,
  nowMs = Date.now(),
): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
