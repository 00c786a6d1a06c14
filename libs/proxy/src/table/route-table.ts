import type { ProxyRoute } from '../route.js';
import { rest } from './path-template.js';
import { comparePrecedence } from './precedence.js';
import { entryClashes, shapeOf } from './route-clashes.js';
import { RouteTableError } from './route-table.error.js';
import { type Found, SegmentTree } from './segment-tree.js';
import {
  hasBodyFor,
  type RouteRequest,
  type TableEntry,
  toRouteEntry,
  toViewEntry,
  type ViewRoute,
} from './table-entry.js';

export interface RouteMatched {
  readonly route: ProxyRoute;
  /** Encoded as they came; that of `**` is under this name, with the slash before it. */
  readonly params: Readonly<Record<string, string>>;
  /** Request headers that decide between routes of this path, in lower case. */
  readonly vary: readonly string[];
}

/** Why no route takes a request for a path that the table knows, and no view. */
export interface Mismatch {
  readonly mismatch: 'not_acceptable' | 'unsupported_media_type';
  /** What there is to ask for, or to send. */
  readonly types: readonly string[];
}

/** What all entries of one path ask for together. */
interface Siblings {
  readonly headers: readonly string[];
  readonly accept: readonly string[];
  readonly contentType: readonly string[];
}

/** One line of `/routes`. */
export interface RouteTableLine {
  /** Undefined: a view. */
  readonly name: string | undefined;
  readonly path: string;
  /** Undefined: all. */
  readonly methods: readonly string[] | undefined;
  readonly host: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** Which request goes where. Never changes: other routes are another table. */
export class RouteTable {
  private readonly sorted: readonly TableEntry[];
  private readonly tree = new SegmentTree();
  private readonly siblings: ReadonlyMap<TableEntry, Siblings>;
  private readonly hasMediaTypes: boolean;

  /** Throws RouteTableError with every pair of routes that cannot be told apart. */
  constructor(
    routes: readonly ProxyRoute[],
    views: readonly ViewRoute[],
    private readonly fallback?: ProxyRoute,
  ) {
    const entries = [...views.map(toViewEntry), ...routes.map(toRouteEntry)];
    const clashes = entryClashes(entries);
    if (clashes.length > 0) throw new RouteTableError(clashes.map(({ message }) => message));
    // Views stand first in it, and sorting keeps the order of equals.
    this.sorted = entries.toSorted(comparePrecedence);
    for (const entry of this.sorted) this.tree.add(entry);
    this.siblings = siblingsOf(this.sorted);
    this.hasMediaTypes = entries.some(({ accept, contentType }) => accept ?? contentType);
  }

  /**
   * `view`: the gateway answers itself. Undefined: nothing is there. A route with a media type is for callers who name it
   * in their `Accept`, the one that they like best; where no other is for them, for those who take it among others.
   * `onStep` counts what a lookup looks at.
   */
  match(request: RouteRequest, onStep?: () => void): RouteMatched | 'view' | Mismatch | undefined {
    const named = this.tree.find(request, 'named', onStep);
    const found = named ?? (this.hasMediaTypes ? this.tree.find(request, 'taken', onStep) : undefined);
    if (found !== undefined) return this.toMatched(found);
    if (this.fallback) return { route: this.fallback, params: { [rest]: request.path }, vary: [] };
    return this.hasMediaTypes ? this.mismatchOf(request) : undefined;
  }

  private toMatched(found: Found): RouteMatched | 'view' {
    const { route } = found.entry;
    if (route === undefined) return 'view';
    return { route, params: toParams(found), vary: this.siblings.get(found.entry)?.headers ?? [] };
  }

  private mismatchOf(request: RouteRequest): Mismatch | undefined {
    const found = this.tree.find(request, 'any');
    if (found === undefined) return undefined;
    const { accept = [], contentType = [] } = this.siblings.get(found.entry) ?? {};
    return hasBodyFor(found.entry, request)
      ? { mismatch: 'not_acceptable', types: accept }
      : { mismatch: 'unsupported_media_type', types: contentType };
  }

  /** In the order in which they are tried. */
  entries(): RouteTableLine[] {
    const last = this.fallback === undefined ? [] : [toRouteEntry(this.fallback)];
    return [...this.sorted, ...last].map(({ route, path, methods, host, headers, query }) => ({
      name: route?.name,
      path: path.text,
      methods: methods && [...methods],
      host,
      headers: Object.fromEntries(headers),
      query: Object.fromEntries(query),
    }));
  }
}

/** Throws RouteTableError. */
export function createRouteTable(
  routes: readonly ProxyRoute[],
  views: readonly ViewRoute[],
  fallback?: ProxyRoute,
): RouteTable {
  return new RouteTable(routes, views, fallback);
}

function siblingsOf(entries: readonly TableEntry[]): ReadonlyMap<TableEntry, Siblings> {
  const alike = [...Map.groupBy(entries, ({ path }) => shapeOf(path)).values()];
  return new Map(
    alike.flatMap((group) => {
      const all: Siblings = {
        headers: unique(group.flatMap(({ headers }) => headers.map(([name]) => name))),
        accept: unique(group.flatMap(({ accept }) => accept ?? [])),
        contentType: unique(group.flatMap(({ contentType }) => contentType ?? [])),
      };
      return group.map((entry) => [entry, all] as const);
    }),
  );
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function toParams({ entry, values, rest: remainder }: Found): Record<string, string> {
  const params: Record<string, string> = {};
  entry.path.params.forEach((name, index) => {
    params[name] = values[index] ?? remainder;
  });
  return params;
}
