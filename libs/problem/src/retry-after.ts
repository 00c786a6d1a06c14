/**
 * `Retry-After` (RFC 9110, section 10.2.3) in whole seconds: never before `earliestMs`, and any second from then to
 * `latestMs`, so that not all who are refused come back at once. Without `latestMs`: half as long again.
 */
export function toRetryAfter(earliestMs: number, latestMs = earliestMs * 1.5): string {
  const seconds = Math.max(1, Math.ceil(earliestMs / 1_000));
  const room = Math.max(0, Math.floor(latestMs / 1_000) - seconds);
  return String(seconds + Math.floor(Math.random() * (room + 1)));
}
