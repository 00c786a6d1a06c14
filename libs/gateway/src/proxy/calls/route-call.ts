import type { Request, Response } from 'express';
import type { ProxyRoute, ResponseHeaders } from '@bff/proxy';
import { GraphqlUpstream, GrpcUpstream, type Upstreams, type UpstreamsChange } from '@bff/upstream';
import { GraphqlCall } from './graphql-call.js';
import { GrpcCall } from './grpc-call.js';
import { GrpcWebCall } from './grpc-web-call.js';

/** Asks a service in its own protocol, where a route is a call in data: nothing of the request is handed on as it is. */
export interface RouteCall {
  /** Throws ProblemError and UpstreamError. */
  answer(request: Request, response: Response, params: Readonly<Record<string, string>>): Promise<void>;
}

export interface CallOptions {
  readonly responseHeaders: ResponseHeaders;
  readonly maxBodyBytes: number;
}

/** Undefined: that is noted as a mistake. */
export type OpenUpstreamAs = UpstreamsChange['open'] | Upstreams['open'];

export function openCall(
  route: ProxyRoute,
  responseHeaders: ResponseHeaders,
  open: OpenUpstreamAs,
): RouteCall | undefined {
  const { target, maxBodyBytes } = route;
  const options = { responseHeaders, maxBodyBytes };
  if (target.kind === 'grpc') {
    const upstream = open(target.upstream, GrpcUpstream);
    return upstream && new GrpcCall(target, upstream, options);
  }
  if (target.kind === 'grpc-web') {
    const upstream = open(target.upstream, GrpcUpstream);
    return upstream && new GrpcWebCall(target, upstream, options);
  }
  if (target.kind !== 'graphql') return undefined;
  const upstream = open(target.upstream, GraphqlUpstream);
  return upstream && new GraphqlCall(target, upstream, options);
}
