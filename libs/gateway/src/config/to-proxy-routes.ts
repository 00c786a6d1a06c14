import { type ProxyRoute, readTemplate, routeClashes } from '@bff/proxy';
import type { ProtoFiles } from '@bff/upstream';
import type { z } from 'zod';
import { toRouteCache } from './cache-entry.js';
import { toGraphqlTarget } from './graphql-entry.js';
import { checkGrpc, toGrpcTarget } from './grpc-entry.js';
import { checkGrpcWeb, toGrpcWebTarget } from './grpc-web-entry.js';
import type { FallbackEntry, RouteEntry } from './route-entry.js';
import { upstreamsIn } from './traffic-entry.js';

/** The parts of `gateway.yaml` that are about routes. */
export interface RoutesOfFile {
  readonly upstreams: Readonly<
    Record<
      string,
      { readonly url: string; readonly http2?: boolean | undefined; readonly proto?: ProtoFiles | undefined }
    >
  >;
  readonly routes: readonly RouteEntry[];
  readonly fallback?: FallbackEntry | undefined;
}

export interface ProxyRoutes {
  readonly routes: readonly ProxyRoute[];
  readonly fallback: ProxyRoute | undefined;
}

export function toProxyRoutes({ upstreams, routes, fallback }: RoutesOfFile): ProxyRoutes {
  return {
    routes: routes.map((entry) => ({
      name: entry.name,
      match: entry.match,
      ...toHandling(entry),
      ...toGraphqlTarget(entry),
      ...toGrpcTarget(entry, upstreams),
      ...toGrpcWebTarget(entry, upstreams),
    })),
    fallback: fallback && {
      name: 'fallback',
      match: { path: readTemplate('/**') },
      ...toHandling(fallback),
    },
  };
}

/** For `superRefine`: what is wrong with routes only beside others, or beside the upstreams. All of it at once. */
export function checkRoutes(file: RoutesOfFile, context: z.RefinementCtx): void {
  const add = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  const entries = [...file.routes.entries()];
  for (const [index, entry] of entries)
    for (const [path, name] of upstreamsIn(entry))
      addUpstreamMistake(
        file,
        name,
        (message) => add(['routes', index, ...path], message),
        entry.grpc ?? entry.grpcWeb,
      );
  for (const [index, entry] of entries)
    for (const check of [checkGrpc, checkGrpcWeb])
      check(entry, file.upstreams, (path: (string | number)[], message: string) =>
        add(['routes', index, ...path], message),
      );
  for (const [path, name] of upstreamsIn(file.fallback ?? {}))
    addUpstreamMistake(file, name, (message) => add(['fallback', ...path], message));
  for (const [index, entry] of entries)
    addWebSocketMistakes(file, entry, (message) => add(['routes', index, 'websocket'], message));
  if (file.fallback !== undefined)
    addWebSocketMistakes(file, file.fallback, (message) => add(['fallback', 'websocket'], message));
  const indexes = new Map<string, number>();
  for (const [index, { name }] of entries) {
    if (indexes.has(name)) add(['routes', index, 'name'], `another route is named "${name}" too`);
    indexes.set(name, index);
  }
  for (const { route, message } of routeClashes(toProxyRoutes(file).routes))
    add(['routes', indexes.get(route) ?? 0, 'match'], message);
}

function addUpstreamMistake(
  { upstreams }: RoutesOfFile,
  name: string,
  add: (message: string) => void,
  grpc?: object,
): void {
  const known = Object.hasOwn(upstreams, name) ? upstreams[name] : undefined;
  if (known === undefined)
    return add(
      `"${name}" is none of the upstreams (${Object.keys(upstreams).join(', ') || 'there are none'})`,
    );
  if (grpc === undefined && !/^\s*https?:/.test(known.url)) add(`the upstream "${name}" does not speak HTTP`);
}

/** The handshake is one of HTTP/1.1; HTTP/2 has another (RFC 8441), which few services know. */
function addWebSocketMistakes(
  { upstreams }: RoutesOfFile,
  { websocket, static: answer, ...entry }: FallbackEntry,
  add: (message: string) => void,
): void {
  if (!websocket) return;
  if (answer !== undefined) add('needs upstream or split: a static answer is no WebSocket');
  for (const [path, name] of upstreamsIn(entry))
    if (path[0] !== 'mirror' && Object.hasOwn(upstreams, name) && upstreams[name]?.http2)
      add(`needs upstreams without http2, which "${name}" has`);
}

type Handling = Omit<ProxyRoute, 'name' | 'match'>;

function toHandling(entry: FallbackEntry): Handling {
  const { rewrite, query, access, cookies, cors, requestHeaders, responseHeaders, deprecation } = entry;
  return {
    target: toTarget(entry),
    rewrite,
    query,
    access: access !== undefined && 'public' in access ? 'public' : 'caller',
    scopes: access !== undefined && 'scopes' in access ? access.scopes : [],
    mirror: entry.mirror,
    limit: entry.limits && toLimit(entry.limits),
    cache: entry.cache && toRouteCache(entry.cache),
    timeoutMs: entry.timeout,
    maxBodyBytes: entry.maxBody,
    upload: entry.upload && { timeoutMs: entry.upload.timeout, minBytesPerSecond: entry.upload.minRate },
    requestHeaders,
    responseHeaders,
    cookies,
    cors,
    websocket: entry.websocket,
    anyAppVersion: entry.anyAppVersion,
    transform: entry.transform,
    deprecation: deprecation && {
      atMs: deprecation.at,
      sunsetAtMs: deprecation.sunset,
      link: deprecation.link,
    },
  };
}

function toLimit({ window: windowMs, ...same }: NonNullable<FallbackEntry['limits']>): ProxyRoute['limit'] {
  return { ...same, windowMs };
}

function toTarget({
  upstream,
  split: parts,
  splitHeader,
  static: answer,
}: FallbackEntry): ProxyRoute['target'] {
  if (upstream !== undefined) return { kind: 'upstream', upstream };
  if (parts !== undefined) return { kind: 'split', parts, header: splitHeader };
  if (answer === undefined) throw new Error('a route has nothing that answers');
  return { kind: 'static', ...answer };
}
