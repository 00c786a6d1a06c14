import type { Request, Response } from 'express';
import { ProblemError } from '@bff/problem';
import {
  createRouteTable,
  type Mismatch,
  type ProxyRoute,
  readPath,
  type RequestPath,
  type RouteRequest,
  type RouteTable,
  type ViewRoute,
} from '@bff/proxy';
import type { RouteEntry } from '../management/route-table.js';
import type { AnnouncedTable } from '../registration/announced-table.js';
import type { ProxyRoutes } from '../config/to-proxy-routes.js';
import { preflightMethodOf } from '../pipeline/cors.js';
import type { OpenUpstreamAs } from './calls/route-call.js';
import { type CompiledRoute, compileRoute } from './compiled-route.js';
import type { Proxied, ProxiedRequests } from './proxied-requests.js';

/** The routes of `gateway.yaml`, ready for requests. */
interface LiveTable {
  readonly table: RouteTable;
  readonly compiled: ReadonlyMap<ProxyRoute, CompiledRoute>;
  readonly fallback: ProxyRoute | undefined;
}

/**
 * Stands before Nest's router: takes what a route of `gateway.yaml` is for, and leaves views to it. The table is swapped
 * as a whole; a request goes along the one it began with.
 */
export class ProxyFront {
  private live: LiveTable | undefined;
  private announced: AnnouncedTable | undefined;
  private readonly viewsAlone: LiveTable;

  constructor(
    private readonly gateway: string,
    private readonly views: readonly ViewRoute[],
    private readonly requests: ProxiedRequests,
  ) {
    this.viewsAlone = { table: createRouteTable([], views), compiled: new Map(), fallback: undefined };
  }

  /** A table that does not count yet. Throws RouteTableError. Without routes there is none. */
  build({ routes, fallback }: ProxyRoutes, open: OpenUpstreamAs): LiveTable | undefined {
    const all = fallback === undefined ? routes : [...routes, fallback];
    if (all.length === 0) return undefined;
    const usesCache = all.some(({ cache }) => cache !== undefined);
    const compiled = all.map((route) => [route, compileRoute(route, this.gateway, open, usesCache)] as const);
    return { table: createRouteTable(routes, this.views, fallback), compiled: new Map(compiled), fallback };
  }

  /** From the next request on. */
  use(live: LiveTable | undefined): void {
    this.live = live;
  }

  /** Routes of services that have announced themselves: after views and routes of the file, before its fallback. */
  useAnnounced(announced: AnnouncedTable | undefined): void {
    this.announced = announced;
  }

  /** The whole table for operators: views alone, or views and routes in the order in which they are tried. */
  describe(views: readonly RouteEntry[]): readonly object[] {
    const lines = this.describeFile(views);
    const announced = this.announced?.describe() ?? [];
    return this.live?.fallback === undefined
      ? [...lines, ...announced]
      : [...lines.slice(0, -1), ...announced, ...lines.slice(-1)];
  }

  private describeFile(views: readonly RouteEntry[]): readonly object[] {
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
    if (this.tables === undefined) return false;
    // Nobody is told what a service sees of a request (RFC 9110, section 9.3.8).
    if (request.method === 'TRACE') return false;
    // A whole URL, or `*`: for the gateway itself, which has to take them (RFC 9112, section 3.2.2), and for no service.
    if (!request.url.startsWith('/')) return false;
    const path = readPath(request.url);
    // What can be read in two ways is handed on by nobody; the gateway itself reads it in one.
    const proxied = path && this.toProxied(request, path);
    if (path !== undefined && proxied === undefined) return false;
    if (proxied === undefined) this.requests.refuse(request, response, readInTwoWays());
    else if ('mismatch' in proxied) this.requests.refuse(request, response, toProblem(proxied));
    else this.requests.serve(request, response, proxied);
    return true;
  }

  /** The route of a request, whatever becomes of it. Undefined: there is none, or its path can be read in two ways. */
  find(request: Request): Proxied | undefined {
    const path = this.tables && readPath(request.url);
    const proxied = path && this.toProxied(request, path);
    return proxied === undefined || 'mismatch' in proxied ? undefined : proxied;
  }

  /** Undefined: everything is Nest's. */
  private get tables(): LiveTable | undefined {
    return this.live ?? (this.announced && this.viewsAlone);
  }

  private toProxied(request: Request, path: RequestPath): Proxied | Mismatch | undefined {
    const method = preflightMethodOf(request);
    const asksFor = method === undefined ? undefined : this.match(request, path, method);
    if (asksFor && 'compiled' in asksFor && asksFor.compiled.route.cors === 'gateway') return asksFor;
    return this.match(request, path, request.method);
  }

  private match(request: Request, path: RequestPath, method: string): Proxied | Mismatch | undefined {
    const { tables } = this;
    if (tables === undefined) return undefined;
    const asked: RouteRequest = {
      method,
      host: request.hostname ?? '',
      path: path.path,
      header: (name) => toText(request.headers[name]),
      query: (name) => new URLSearchParams(path.query).get(name) ?? undefined,
    };
    const matched = tables.table.match(asked);
    if (matched === 'view') return undefined;
    const isRoute = matched !== undefined && 'route' in matched;
    if (!isRoute || matched.route === tables.fallback) {
      const announced = this.announced?.find(asked);
      if (announced !== undefined) return { ...announced, path };
    }
    if (!isRoute) return matched;
    const { route, params, vary } = matched;
    const compiled = tables.compiled.get(route);
    return compiled && { compiled, path, params, vary };
  }
}

function readInTwoWays(): ProblemError {
  return new ProblemError('malformed_request', 'The path can be read in two ways.');
}

function toProblem({ mismatch, types }: Mismatch): ProblemError {
  const wanted = mismatch === 'not_acceptable' ? 'Accept' : 'Content-Type';
  return new ProblemError(mismatch, `Here ${wanted} has to be ${types.join(' or ')}.`);
}

function toTarget({ target, mirror, limit, cache, transform, cors, access, scopes }: ProxyRoute): object {
  const rules = {
    ...(mirror && { mirror }),
    ...(limit && { limit }),
    ...(cache && { cache }),
    ...(transform && { transform }),
    ...(cors === 'gateway' && { cors }),
  };
  return { ...toPlace(target), ...rules, access, scopes };
}

function toPlace(target: ProxyRoute['target']): object {
  if (target.kind === 'upstream') return { upstream: target.upstream };
  if (target.kind === 'graphql') return { upstream: target.upstream, graphql: target.document };
  if (target.kind === 'grpc') return { upstream: target.upstream, grpc: target.method.path.slice(1) };
  if (target.kind === 'grpc-web') return { upstream: target.upstream, grpcWeb: [...target.methods.keys()] };
  if (target.kind === 'static') return { status: target.status };
  return { split: target.parts, splitHeader: target.header };
}

function toText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
