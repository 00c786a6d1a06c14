import type { ProxyRoute } from '../route.js';
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
  readonly headers: readonly Condition[];
  readonly query: readonly Condition[];
  /** Undefined: a view. */
  readonly route: ProxyRoute | undefined;
}

type Condition = readonly [name: string, value: string];

export function toRouteEntry(route: ProxyRoute): TableEntry {
  const { path, host, methods, headers = {}, query = {} } = route.match;
  return {
    path,
    host: host?.toLowerCase(),
    methods: methods && withHead(methods),
    headers: Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const),
    query: Object.entries(query),
    route,
  };
}

/** Throws TemplateError. */
export function toViewEntry({ method, path }: ViewRoute): TableEntry {
  const methods = method === 'ALL' ? undefined : withHead([method]);
  return { path: readTemplate(path), host: undefined, methods, headers: [], query: [], route: undefined };
}

function withHead(methods: readonly string[]): ReadonlySet<string> {
  return new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods);
}

/** Whether a request for this path and host is one for this entry. */
export function isFor({ methods, headers, query }: TableEntry, request: RouteRequest): boolean {
  return (
    (methods === undefined || methods.has(request.method)) &&
    headers.every(([name, value]) => request.header(name) === value) &&
    query.every(([name, value]) => request.query(name) === value)
  );
}
