const firstMs = 50;
const longestMs = 1_000;

/**
 * How long to wait before the next connection: 50 ms that double with each failure in a row up to 1 s, less up to a
 * half at random, so that gateways that lost a store together do not come back together.
 */
export function toReconnectDelayMs(failures: number): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10));
  return fullMs * (1 - Math.random() / 2);
}
