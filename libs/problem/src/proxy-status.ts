import type { ProblemCode } from './problem-codes.js';

/** The error types of RFC 9209, section 2.3, for what is told as 502, 503 or 504. */
const errorTypes: Partial<Record<ProblemCode, string>> = {
  upstream_unreachable: 'destination_unavailable',
  upstream_bad_response: 'http_protocol_error',
  upstream_rejected: 'proxy_configuration_error',
  overloaded: 'proxy_internal_response',
  sessions_unavailable: 'proxy_internal_error',
  idempotency_unavailable: 'proxy_internal_error',
  upstream_overloaded: 'connection_limit_reached',
  upstream_circuit_open: 'destination_unavailable',
  upstream_timeout: 'http_response_timeout',
};

/** The value of `Proxy-Status` (RFC 9209), without the next hop; undefined: no intermediary's fault, and no header. */
export function toProxyStatus(code: ProblemCode): string | undefined {
  const type = errorTypes[code];
  return type === undefined ? undefined : `bff; error=${type}`;
}
