import type { RouteGraphql } from './calls/route-graphql.js';
import type { RouteGrpc } from './calls/route-grpc.js';
import type { RouteGrpcWeb } from './calls/route-grpc-web.js';
import type { PathTemplate } from './table/path-template.js';
import type { RouteCache } from './traffic/route-cache.js';
import type { JsonRules } from './transform/json-rules.js';
import type { RouteLimit, RouteMirror, RouteSplit } from './traffic/route-traffic.js';

/** One line of the route table: which requests it takes, and what becomes of them. Already checked. */
export interface ProxyRoute {
  /** In logs, metrics and mistakes. */
  readonly name: string;
  readonly match: RouteMatch;
  readonly target: RouteTarget;
  readonly mirror?: RouteMirror | undefined;
  /** What it lets pass. Undefined: whatever the gateway does. */
  readonly limit?: RouteLimit | undefined;
  /** Undefined: nothing is kept. */
  readonly cache?: RouteCache | undefined;
  /** The path at the upstream. Undefined: as it came. */
  readonly rewrite?: PathTemplate | undefined;
  /** Undefined: the query goes on as it came. */
  readonly query?: QueryRules | undefined;
  readonly access: 'public' | 'caller';
  /** A caller needs all of them. */
  readonly scopes: readonly string[];
  /** Until the answer begins. Undefined: what the upstream says. */
  readonly timeoutMs?: number | undefined;
  readonly maxBodyBytes: number;
  /** Bodies that take longer than a server waits for them. Undefined: none may. */
  readonly upload?: RouteUpload | undefined;
  readonly requestHeaders: HeaderRules;
  readonly responseHeaders: HeaderRules;
  /** What becomes of whole bodies. Undefined: they pass byte for byte. */
  readonly transform?: RouteTransform | undefined;
  /** `pass`: both ways, but never those of the gateway. */
  readonly cookies: 'none' | 'pass';
  /** Who says which pages of other origins may call. Undefined: the service. */
  readonly cors?: 'gateway' | 'service' | undefined;
  readonly deprecation?: RouteDeprecation | undefined;
  /** Whether a version of the app that is blocked may call all the same. */
  readonly anyAppVersion?: boolean | undefined;
  /** True: a request for a WebSocket is one; elsewhere it is a request like others. */
  readonly websocket?: boolean | undefined;
}

export interface RouteMatch {
  readonly path: PathTemplate;
  /** Undefined: all. GET takes HEAD as well (RFC 9110, section 9.3.2). */
  readonly methods?: readonly string[] | undefined;
  /** Without its port. */
  readonly host?: string | undefined;
  /** Values that must be there exactly. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
}

export type RouteTarget =
  | { readonly kind: 'upstream'; readonly upstream: string }
  | ({ readonly kind: 'split' } & RouteSplit)
  | ({ readonly kind: 'graphql'; readonly upstream: string } & RouteGraphql)
  | ({ readonly kind: 'grpc'; readonly upstream: string } & RouteGrpc)
  | ({ readonly kind: 'grpc-web'; readonly upstream: string } & RouteGrpcWeb)
  | { readonly kind: 'static'; readonly status: number; readonly contentType: string; readonly body: string };

/** How slow a body may come. */
export interface RouteUpload {
  /** Until all of it is there. */
  readonly timeoutMs: number;
  /** While the service is ready to read. */
  readonly minBytesPerSecond: number;
}

/** Names without regard to case. */
export interface HeaderRules {
  /** Nothing else passes, but for what says how to read the body. Undefined: all. */
  readonly allow?: readonly string[] | undefined;
  readonly deny: readonly string[];
  /** In place of whatever has that name. */
  readonly set: Readonly<Record<string, string>>;
}

export interface QueryRules {
  /** In place of all that have that name. */
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** What becomes of whole bodies. */
export interface RouteTransform {
  /** Of answers of 2xx. Undefined: they stay what they are. */
  readonly response?: (JsonRules & { readonly xml?: XmlReading | undefined }) | undefined;
  /** Of requests of JSON. Undefined: they pass as they come. */
  readonly request?: { readonly xml: XmlRoot } | undefined;
  /** What callers may speak beside JSON. */
  readonly callers?: { readonly xml: XmlRoot & XmlReading } | undefined;
  /** Of an answer that is transformed. */
  readonly maxBytes?: number | undefined;
}

/** The element that a whole JSON value becomes. */
export interface XmlRoot {
  readonly root: string;
  /** Of all elements. */
  readonly namespace?: string | undefined;
}

/** How to read XML as JSON, by names of elements and, as `@name`, of attributes. */
export interface XmlReading {
  readonly lists: readonly string[];
  readonly numbers: readonly string[];
  readonly booleans: readonly string[];
}

/** A route that is on its way out. */
export interface RouteDeprecation {
  /** Since when nobody should begin to use it. */
  readonly atMs?: number | undefined;
  /** From when on it is gone. */
  readonly sunsetAtMs?: number | undefined;
  /** What to read about it. */
  readonly link?: string | undefined;
}
