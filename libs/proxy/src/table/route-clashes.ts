import type { ProxyRoute } from '../route.js';
import type { PathTemplate } from './path-template.js';
import { type TableEntry, toRouteEntry } from './table-entry.js';

export interface RouteClash {
  /** The later one of the two. */
  readonly route: string;
  readonly message: string;
}

/** Routes that no request could tell apart, and routes that no request reaches for views before them. */
export function routeClashes(routes: readonly ProxyRoute[]): RouteClash[] {
  return entryClashes(routes.map(toRouteEntry));
}

export function entryClashes(entries: readonly TableEntry[]): RouteClash[] {
  return [...Map.groupBy(entries, likeness).values()].flatMap(clashesAmong);
}

function clashesAmong(alike: readonly TableEntry[]): RouteClash[] {
  const viewed = new Set(
    alike.flatMap(({ route, methods }) => (route === undefined ? [...(methods ?? ['*'])] : [])),
  );
  const takers = new Map<string, ProxyRoute>();
  return alike.flatMap(({ route, methods }): RouteClash[] => {
    if (route === undefined) return [];
    const taken = [...(methods ?? ['*'])];
    if (taken.every((method) => viewed.has(method))) return [hiddenByView(route)];
    const method = taken.find((one) => takers.has(one));
    const first = method === undefined ? undefined : takers.get(method);
    for (const one of taken) if (!takers.has(one)) takers.set(one, route);
    return first === undefined ? [] : [alikeOf(first, route, method)];
  });
}

function alikeOf(first: ProxyRoute, second: ProxyRoute, method: string | undefined): RouteClash {
  const what = `${method === '*' ? 'every method' : method} of ${second.match.path.text}`;
  const message = `the routes "${first.name}" and "${second.name}" cannot be told apart: both take ${what}`;
  return { route: second.name, message };
}

function hiddenByView({ name, match }: ProxyRoute): RouteClash {
  const message = `the route "${name}" is never reached: the gateway itself answers ${match.path.text}`;
  return { route: name, message };
}

/** The same for entries that nothing but their methods can tell apart. */
function likeness({ path, host, headers, query }: TableEntry): string {
  return JSON.stringify([shapeOf(path), host ?? null, headers.toSorted(byName), query.toSorted(byName)]);
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1;
}

/** The same for paths that take the same: two parameters are the same, whatever their names. */
export function shapeOf({ segments, hasRest }: PathTemplate): string {
  return JSON.stringify([
    hasRest,
    segments.map((segment) => (segment.kind === 'literal' ? segment.key : null)),
  ]);
}
