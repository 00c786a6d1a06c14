import { type ProxyRoute, RequestHeaders, ResponseHeaders } from '@bff/proxy';
import { HttpUpstream } from '@bff/upstream';
import { cacheKeyOf } from './cache/asked.js';
import { openCall, type OpenUpstreamAs, type RouteCall } from './calls/route-call.js';
import { Mirror } from './mirror.js';
import { RouteTransforms } from './transform/route-transforms.js';

/** A route with all that can be got ready before the first request. */
export interface CompiledRoute {
  readonly route: ProxyRoute;
  readonly requestHeaders: RequestHeaders;
  readonly responseHeaders: ResponseHeaders;
  /** As it is told to the storage of limits. */
  readonly gateway: string;
  /** Undefined: it answers itself, or several upstreams share its callers. */
  readonly upstream: HttpUpstream | undefined;
  /** Those that share its callers, by name. */
  readonly parts: ReadonlyMap<string, HttpUpstream>;
  readonly mirror: Mirror | undefined;
  /** Undefined: what comes is handed on. */
  readonly call: RouteCall | undefined;
  /** Undefined: bodies pass byte for byte. */
  readonly transforms: RouteTransforms | undefined;
  /** It keeps answers, or one beside it does, which its changes may concern. */
  readonly usesCache: boolean;
  /** Of whatever is said of this route in the file. */
  readonly cacheKey: string | undefined;
}

export function compileRoute(
  route: ProxyRoute,
  gateway: string,
  openAs: OpenUpstreamAs,
  usesCache: boolean,
): CompiledRoute {
  const open: Open = (name) => openAs(name, HttpUpstream);
  const responseHeaders = new ResponseHeaders(route, gateway);
  return {
    route,
    requestHeaders: new RequestHeaders(route, gateway),
    responseHeaders,
    gateway,
    upstream: route.target.kind === 'upstream' ? open(route.target.upstream) : undefined,
    parts: openParts(route, open),
    mirror: openMirror(route, open),
    call: openCall(route, responseHeaders, openAs),
    transforms: route.transform && new RouteTransforms(route.transform, route.maxBodyBytes),
    usesCache,
    cacheKey: route.cache && cacheKeyOf(route),
  };
}

type Open = (upstream: string) => HttpUpstream | undefined;

function openParts({ target }: ProxyRoute, open: Open): ReadonlyMap<string, HttpUpstream> {
  const parts = new Map<string, HttpUpstream>();
  if (target.kind !== 'split') return parts;
  const names = target.parts.map(({ upstream }) => upstream);
  for (const name of new Set([...names, ...Object.values(target.header?.values ?? {})])) {
    const upstream = open(name);
    if (upstream !== undefined) parts.set(name, upstream);
  }
  return parts;
}

function openMirror({ mirror }: ProxyRoute, open: Open): Mirror | undefined {
  const upstream = mirror && open(mirror.upstream);
  return mirror && upstream && new Mirror(mirror, upstream);
}
