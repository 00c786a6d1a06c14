import type { Request, Response } from 'express';
import { writeProblem, ProblemError } from '@bff/problem';
import {
  createRouteTable,
  type ProxyRoute,
  readPath,
  type RequestPath,
  type RouteTable,
  type ViewRoute,
} from '@bff/proxy';
import type { RouteEntry } from '../management/route-table.js';
import type { ProxyRoutes } from '../config/to-proxy-routes.js';
import type { OpenUpstreamAs } from './calls/route-call.js';
import { type CompiledRoute, compileRoute } from './compiled-route.js';
import type { Proxied, ProxiedRequests } from './proxied-requests.js';

/** The routes of `gateway.yaml`, ready for requests. */
interface LiveTable {
  readonly table: RouteTable;
  readonly compiled: ReadonlyMap<ProxyRoute, CompiledRoute>;
}

/**
 * Stands before Nest's router: takes what a route of `gateway.yaml` is for, and leaves views to it. The table is swapped
 * as a whole; a request goes along the one it began with.
 */
export class ProxyFront {
  private live: LiveTable | undefined;

  constructor(
    private readonly gateway: string,
    private readonly views: readonly ViewRoute[],
    private readonly requests: ProxiedRequests,
  ) {}

  /** A table that does not count yet. Throws RouteTableError. Without routes there is none. */
  build({ routes, fallback }: ProxyRoutes, open: OpenUpstreamAs): LiveTable | undefined {
    const all = fallback === undefined ? routes : [...routes, fallback];
    if (all.length === 0) return undefined;
    const usesCache = all.some(({ cache }) => cache !== undefined);
    const compiled = all.map((route) => [route, compileRoute(route, this.gateway, open, usesCache)] as const);
    return { table: createRouteTable(routes, this.views, fallback), compiled: new Map(compiled) };
  }

  /** From the next request on. */
  use(live: LiveTable | undefined): void {
    this.live = live;
  }

  /** The whole table for operators: views alone, or views and routes in the order in which they are tried. */
  describe(views: readonly RouteEntry[]): readonly object[] {
    const { live } = this;
    if (live === undefined) return views;
    const routes = new Map([...live.compiled.keys()].map((route) => [route.name, route]));
    return live.table.entries().map((line) => {
      const route = line.name === undefined ? undefined : routes.get(line.name);
      if (route !== undefined) return { ...line, ...toTarget(route) };
      return views.find(({ path, method }) => path === line.path && line.methods?.includes(method)) ?? line;
    });
  }

  /** False: it is Nest's. */
  handles(request: Request, response: Response): boolean {
    const { live } = this;
    // Nobody is told what a service sees of a request (RFC 9110, section 9.3.8).
    if (live === undefined || request.method === 'TRACE') return false;
    // A whole URL, or `*`: for the gateway itself, which has to take them (RFC 9112, section 3.2.2), and for no service.
    if (!request.url.startsWith('/')) return false;
    const path = readPath(request.url);
    // What can be read in two ways is handed on by nobody; the gateway itself reads it in one.
    if (path === undefined) return this.refuses(request, response);
    const proxied = toProxied(live, request, path);
    if (proxied === undefined) return false;
    this.requests.serve(request, response, proxied);
    return true;
  }

  /** The route of a request, whatever becomes of it. Undefined: there is none, or its path can be read in two ways. */
  find(request: Request): Proxied | undefined {
    const path = this.live && readPath(request.url);
    return this.live && path && toProxied(this.live, request, path);
  }

  private refuses(request: Request, response: Response): boolean {
    writeProblem(
      request,
      response,
      new ProblemError('malformed_request', 'The path can be read in two ways.'),
    );
    return true;
  }
}

function toTarget({ target, mirror, limit, cache, transform, access, scopes }: ProxyRoute): object {
  const rules = {
    ...(mirror && { mirror }),
    ...(limit && { limit }),
    ...(cache && { cache }),
    ...(transform && { transform }),
  };
  return { ...toPlace(target), ...rules, access, scopes };
}

function toPlace(target: ProxyRoute['target']): object {
  if (target.kind === 'upstream') return { upstream: target.upstream };
  if (target.kind === 'graphql') return { upstream: target.upstream, graphql: target.document };
  if (target.kind === 'grpc') return { upstream: target.upstream, grpc: target.method.path.slice(1) };
  if (target.kind === 'static') return { status: target.status };
  return { split: target.parts, splitHeader: target.header };
}

function toProxied(live: LiveTable, request: Request, path: RequestPath): Proxied | undefined {
  const matched = live.table.match({
    method: request.method,
    host: request.hostname ?? '',
    path: path.path,
    header: (name) => toText(request.headers[name]),
    query: (name) => new URLSearchParams(path.query).get(name) ?? undefined,
  });
  if (matched === undefined || matched === 'view') return undefined;
  const compiled = live.compiled.get(matched.route);
  return compiled && { compiled, path, params: matched.params };
}

function toText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
