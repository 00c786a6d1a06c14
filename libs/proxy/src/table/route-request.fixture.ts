import type { RouteTable } from './route-table.js';
import type { RouteRequest } from './table-entry.js';

export interface Asked {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string>;
}

export const requestOf = (
  path: string,
  { method = 'GET', host, headers = {}, query = {} }: Asked = {},
): RouteRequest => ({
  method,
  host,
  path,
  header: (name) => headers[name],
  query: (name) => query[name],
});

/** The name of the route that takes it. */
export const find = (table: RouteTable, path: string, asked?: Asked): string | undefined => {
  const found = table.match(requestOf(path, asked));
  if (found === undefined || found === 'view') return found;
  return 'mismatch' in found ? `${found.mismatch}: ${found.types.join(', ')}` : found.route.name;
};
