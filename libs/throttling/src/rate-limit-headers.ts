import type { ServerResponse } from 'node:http';

export interface RateLimitState {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** Adds one limit to the structured fields of draft-ietf-httpapi-ratelimit-headers-10. */
export function addRateLimitHeaders(response: ServerResponse, state: RateLimitState): void {
  append(response, 'RateLimit-Policy', `"${state.name}";q=${state.limit};w=${state.windowSeconds}`);
  append(response, 'RateLimit', `"${state.name}";r=${state.remaining};t=${state.resetSeconds}`);
}

function append(response: ServerResponse, name: string, item: string): void {
  const before = response.getHeader(name);
  response.setHeader(name, typeof before === 'string' ? `${before}, ${item}` : item);
}
