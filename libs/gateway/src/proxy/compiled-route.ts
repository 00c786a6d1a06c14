import { type ProxyRoute, RequestHeaders, ResponseHeaders } from '@bff/proxy';
import type { HttpUpstream } from '@bff/upstream';

/** A route with all that can be got ready before the first request. */
export interface CompiledRoute {
  readonly route: ProxyRoute;
  readonly requestHeaders: RequestHeaders;
  readonly responseHeaders: ResponseHeaders;
  /** Undefined: it answers itself. */
  readonly upstream: HttpUpstream | undefined;
}

export function compileRoute(
  route: ProxyRoute,
  gateway: string,
  open: (upstream: string) => HttpUpstream | undefined,
): CompiledRoute {
  return {
    route,
    requestHeaders: new RequestHeaders(route, gateway),
    responseHeaders: new ResponseHeaders(route, gateway),
    upstream: route.target.kind === 'upstream' ? open(route.target.upstream) : undefined,
  };
}
