/** So short a wait has room for no whole second beside it that half as long again would give. */
const leastSpreadMs = 2_000;

/**
 * `Retry-After` (RFC 9110, section 10.2.3) in whole seconds: never before `earliestMs`, and any second from then to
 * `latestMs`, so that not all who are refused come back at once.
 */
export function toRetryAfter(earliestMs: number, latestMs = spreadUntilMs(earliestMs)): string {
  const seconds = Math.max(1, Math.ceil(earliestMs / 1_000));
  const room = Math.max(0, Math.floor(latestMs / 1_000) - seconds);
  return String(seconds + Math.floor(Math.random() * (room + 1)));
}

/** Half as long again, and two seconds at least. */
export function spreadUntilMs(earliestMs: number): number {
  return earliestMs + Math.max(earliestMs / 2, leastSpreadMs);
}
