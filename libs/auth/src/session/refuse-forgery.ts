import type { Request } from 'express';
import { ProblemError } from '@bff/problem';

interface Origins {
  /** Under which browsers see this gateway; none: that of the request. */
  readonly origins: readonly string[];
  /** Of pages elsewhere that are let in by name. */
  readonly corsOrigins: readonly string[];
}

/**
 * Throws `cross_site_request` unless a page of this very origin can have sent it, or of one that is let in: a form, an
 * image or a link of another one can make a browser send its cookies, but not this header without a leave by CORS. GET as well: what is read
 * with a cookie must not be readable by others either. Source: "OAuth 2.0 for Browser-Based Applications", section 6.1.3.
 */
export function refuseForgery(request: Request, origins: Origins): void {
  if (request.headers['x-csrf'] !== '1') throw forgery('Send the header X-CSRF: 1 with every call.');
  refuseForeign(request, origins);
}

/**
 * The same for an upgrade: no browser lets a page set a header on a WebSocket, and none asks for a leave by CORS before
 * it opens one. So `Origin` has to be there, which every browser sends (RFC 6455, section 10.2).
 */
export function refuseForeignUpgrade(request: Request, origins: Origins): void {
  if (request.headers.origin === undefined) throw forgery('A WebSocket with a cookie needs an Origin.');
  refuseForeign(request, origins);
}

function refuseForeign(request: Request, { origins, corsOrigins }: Origins): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined && corsOrigins.includes(origin)) return;
  if (origin !== undefined && !isOurs(origin, request, origins))
    throw forgery('This origin is not that of the application.');
  if (site !== undefined && site !== 'same-origin')
    throw forgery('Only pages of the same origin may call this.');
}

/** Where browsers see this gateway: told by the configuration, else by the request itself. */
export function originOf(request: Request): string {
  return `${request.protocol}://${request.host}`;
}

/** What browsers and the provider are told to come back to: the origin of the request, but for one that is not ours. */
export function publicOriginOf(request: Request, origins: readonly string[]): string {
  const origin = originOf(request);
  const [first = origin] = origins;
  return isOurs(origin, request, origins) ? origin : first;
}

function isOurs(origin: string, request: Request, origins: readonly string[]): boolean {
  return origins.length === 0 ? origin === originOf(request) : origins.includes(origin);
}

function forgery(detail: string): ProblemError {
  return new ProblemError('cross_site_request', detail);
}
