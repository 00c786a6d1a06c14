import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import { callerKey } from '@bff/auth';
import type { RequestContext } from '@bff/context';
import type { ProxyRoute, RouteCache } from '@bff/proxy';
import type { CachedRequest, HttpUpstream, RelayRequest } from '@bff/upstream';
import type { Proxied } from '../proxied-requests.js';
import type { ResponseSink } from '../response-sink.js';
import { negotiated } from './kept-vary.js';
import { toHead } from './to-head.js';

/** A request of a route, ready to be sent. */
export interface Asked extends Proxied {
  readonly request: Request;
  readonly response: Response;
  readonly upstream: HttpUpstream;
  readonly relayed: RelayRequest;
  /** Takes the answer to the caller. */
  readonly sink: ResponseSink;
}

/** What callers know an answer by, whichever service it comes from. */
export function urlOf({ protocol, host, url }: Request): string {
  return URL.parse(url, `${protocol}://${host.toLowerCase()}`)?.href ?? url;
}

/**
 * What an answer depends on: the route as it stands in the file, who answers, who asks (as the gateway knows them and
 * as the service is told), and the headers that reach the service.
 */
export function toCachedRequest(
  { request, compiled, upstream, relayed }: Asked,
  { vary }: RouteCache,
  context: RequestContext | undefined,
): CachedRequest {
  const { headers } = toHead(0, relayed.headers);
  const chosen = [...negotiated, ...vary].filter((name) => headers[name] !== undefined);
  const identity = [
    compiled.cacheKey,
    upstream.http.name,
    callerKey(context?.caller),
    upstream.http.engine.keyOf(context),
    vary.map((name) => headers[name] ?? null),
  ];
  return {
    path: urlOf(request),
    headers: Object.fromEntries(chosen.map((name) => [name, headers[name] ?? ''])),
    identity: JSON.stringify(identity),
  };
}

/** Answers of a route that was changed are not those of what it is now. */
export function cacheKeyOf(route: ProxyRoute): string {
  return hash('sha256', JSON.stringify(route), 'base64url');
}
