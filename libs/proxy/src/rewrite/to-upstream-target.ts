import type { ProxyRoute } from '../route.js';
import type { RequestPath } from '../table/read-path.js';
import { rewritePath } from './rewrite-path.js';
import { rewriteQuery } from './rewrite-query.js';

/** The path and query under which the upstream of a route is asked. */
export function toUpstreamTarget(
  { rewrite, query: rules }: Pick<ProxyRoute, 'rewrite' | 'query'>,
  { path, query }: RequestPath,
  params: Readonly<Record<string, string>>,
): string {
  const target = rewrite === undefined ? path : rewritePath(rewrite, params);
  return target + (rules === undefined ? query : rewriteQuery(rules, query));
}
