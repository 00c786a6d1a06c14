import type { ProblemCode } from './problem-codes.js';

/** What can pass by itself; all others meet the same again. */
const passing: ReadonlySet<ProblemCode> = new Set([
  'request_timeout',
  'idempotency_key_in_use',
  'rate_limited',
  'upstream_unreachable',
  'upstream_bad_response',
  'overloaded',
  'sessions_unavailable',
  'idempotency_unavailable',
  'upstream_overloaded',
  'upstream_circuit_open',
  'upstream_timeout',
]);

/**
 * Whether the same request, sent again, may succeed. What must not happen twice is sent again with its
 * `Idempotency-Key` only: of a POST that ran out of time nobody knows whether it arrived.
 */
export function isRetryable(code: ProblemCode): boolean {
  return passing.has(code);
}
