import type { ProxyRoute } from '../route.js';
import { rest } from './path-template.js';
import { comparePrecedence } from './precedence.js';
import { entryClashes } from './route-clashes.js';
import { RouteTableError } from './route-table.error.js';
import { type Found, SegmentTree } from './segment-tree.js';
import {
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
  }

  /** `view`: the gateway answers itself. Undefined: nothing is there. `onStep` counts what a lookup looks at. */
  match(request: RouteRequest, onStep?: () => void): RouteMatched | 'view' | undefined {
    const found = this.tree.find(request, onStep);
    if (found === undefined)
      return this.fallback && { route: this.fallback, params: { [rest]: request.path } };
    const { route } = found.entry;
    return route === undefined ? 'view' : { route, params: toParams(found) };
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

function toParams({ entry, values, rest: remainder }: Found): Record<string, string> {
  const params: Record<string, string> = {};
  entry.path.params.forEach((name, index) => {
    params[name] = values[index] ?? remainder;
  });
  return params;
}
