import type { RetryPolicy } from './upstream-policy.js';

/** The longest wait is this many times the first one. */
const capFactor = 10;

/**
 * How long to wait before attempt `tries + 1`: anything between nothing and a bound that doubles each time ("full
 * jitter"), so that callers who failed together do not come back together. Source: the AWS Architecture Blog,
 * "Exponential Backoff And Jitter".
 */
export function backoffMs(tries: number, { backoffMs: base }: RetryPolicy, random = Math.random): number {
  return random() * Math.min(base * capFactor, base * 2 ** (tries - 1));
}
