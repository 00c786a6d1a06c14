import type { StoreUrl } from '../store-url.js';

export interface RedisOptions {
  readonly url: StoreUrl;
  /** For one command; after that Redis counts as away. */
  readonly timeoutMs: number;
  /** For each step of connecting: one server, one sentinel. */
  readonly stepTimeoutMs: number;
  /** For all steps. */
  readonly connectTimeoutMs: number;
}

/** `timeoutMs`: 250 unless told otherwise. */
export function toRedisOptions(url: StoreUrl, timeoutMs = 250): RedisOptions {
  const stepTimeoutMs = Math.max(500, timeoutMs);
  const steps = url.kind === 'single' ? 2 : url.endpoints.length + 2;
  return { url, timeoutMs, stepTimeoutMs, connectTimeoutMs: steps * stepTimeoutMs };
}
