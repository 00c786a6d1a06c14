import type { RouteDeprecation } from '../route.js';

interface DeprecationHeaders {
  readonly deprecation?: string;
  readonly sunset?: string;
  readonly link?: string;
}

/** `Deprecation` as a structured date (RFC 9745), `Sunset` as an HTTP date, and what to read about it (RFC 8594). */
export function toDeprecationHeaders({ atMs, sunsetAtMs, link }: RouteDeprecation): DeprecationHeaders {
  const relation = atMs === undefined ? 'sunset' : 'deprecation';
  return {
    ...(atMs === undefined ? {} : { deprecation: `@${Math.floor(atMs / 1_000)}` }),
    ...(sunsetAtMs === undefined ? {} : { sunset: new Date(sunsetAtMs).toUTCString() }),
    ...(link === undefined ? {} : { link: `<${link}>; rel="${relation}"` }),
  };
}

/** Whether a route's time is over: 410. */
export function isPastSunset(deprecation: RouteDeprecation | undefined, nowMs: number): boolean {
  return deprecation?.sunsetAtMs !== undefined && nowMs >= deprecation.sunsetAtMs;
}
