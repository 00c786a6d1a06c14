import type { ProxyRoute } from '../route.js';
import { isMediaType, isOf, placeIn, takes } from './media-type.js';
import { type PathTemplate, readTemplate } from './path-template.js';

/** What a lookup asks for: a request, without the rest of it. */
export interface RouteRequest {
  readonly method: string;
  /** As it came, its port included; undefined: HTTP/1.0 without one. */
  readonly host: string | undefined;
  /** From `readPath`. */
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly query: (name: string) => string | undefined;
}

/** A handler of the gateway itself, with `:name` parameters. */
export interface ViewRoute {
  readonly method: string;
  readonly path: string;
}

/** A line of the table, in the form in which it is compared. */
export interface TableEntry {
  readonly path: PathTemplate;
  readonly host: string | undefined;
  /** Undefined: all. */
  readonly methods: ReadonlySet<string> | undefined;
  /** All of them, as they are written. */
  readonly headers: readonly Condition[];
  /** Those of them that are compared as text. */
  readonly exactHeaders: readonly Condition[];
  /** What callers have to ask for. */
  readonly accept: string | undefined;
  /** What the body has to be. */
  readonly contentType: string | undefined;
  readonly query: readonly Condition[];
  /** Undefined: a view. */
  readonly route: ProxyRoute | undefined;
}

type Condition = readonly [name: string, value: string];

export function toRouteEntry(route: ProxyRoute): TableEntry {
  const { path, host, methods, headers = {}, query = {} } = route.match;
  const conditions = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const typeOf = (wanted: string): string | undefined =>
    conditions.find(([name, value]) => name === wanted && isMediaType(value))?.[1];
  const [accept, contentType] = [typeOf('accept'), typeOf('content-type')];
  return {
    path,
    host: host?.toLowerCase(),
    methods: methods && withHead(methods),
    headers: conditions,
    exactHeaders: conditions.filter(
      ([name]) => !(name === 'accept' && accept) && !(name === 'content-type' && contentType),
    ),
    accept,
    contentType,
    query: Object.entries(query),
    route,
  };
}

/** Throws TemplateError. */
export function toViewEntry({ method, path }: ViewRoute): TableEntry {
  const methods = method === 'ALL' ? undefined : withHead([method]);
  const none = { headers: [], exactHeaders: [], accept: undefined, contentType: undefined, query: [] };
  return { path: readTemplate(path), host: undefined, methods, ...none, route: undefined };
}

function withHead(methods: readonly string[]): ReadonlySet<string> {
  return new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods);
}

/**
 * How much a request has to say of media types: name them, take them among others, or nothing, where only the question
 * is whether there is anything at all.
 */
export type Strictness = 'named' | 'taken' | 'any';

/** Whether a request for this path and host is one for this entry. */
export function isFor(entry: TableEntry, request: RouteRequest, strictness: Strictness): boolean {
  const { methods, exactHeaders, query } = entry;
  return (
    (methods === undefined || methods.has(request.method)) &&
    exactHeaders.every(([name, value]) => request.header(name) === value) &&
    query.every(([name, value]) => request.query(name) === value) &&
    (strictness === 'any' || (hasBodyFor(entry, request) && isAskedFor(entry, request, strictness)))
  );
}

/** Whether the body is of the type that this entry is for. */
export function hasBodyFor({ contentType }: TableEntry, request: RouteRequest): boolean {
  return contentType === undefined || isOf(request.header('content-type'), contentType);
}

function isAskedFor({ accept }: TableEntry, request: RouteRequest, strictness: Strictness): boolean {
  if (accept === undefined) return true;
  const asked = request.header('accept');
  return strictness === 'named' ? placeIn(asked, accept) !== undefined : takes(asked, accept);
}
