import type { Request, Response } from 'express';
import type { ProxyRoute, ResponseHeaders } from '@bff/proxy';
import { GraphqlUpstream, type Upstreams, type UpstreamsChange } from '@bff/upstream';
import { GraphqlCall } from './graphql-call.js';

/** Asks a service in its own protocol, where a route is a call in data: nothing of the request is handed on as it is. */
export interface RouteCall {
  /** Throws ProblemError and UpstreamError. */
  answer(request: Request, response: Response, params: Readonly<Record<string, string>>): Promise<void>;
}

/** Undefined: that is noted as a mistake. */
export type OpenUpstreamAs = UpstreamsChange['open'] | Upstreams['open'];

export function openCall(
  route: ProxyRoute,
  responseHeaders: ResponseHeaders,
  open: OpenUpstreamAs,
): RouteCall | undefined {
  const { target, maxBodyBytes } = route;
  if (target.kind !== 'graphql') return undefined;
  const upstream = open(target.upstream, GraphqlUpstream);
  return upstream && new GraphqlCall(target, upstream, { responseHeaders, maxBodyBytes });
}
