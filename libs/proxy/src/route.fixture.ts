import type { ProxyRoute, RouteMatch } from './route.js';
import { readTemplate } from './table/path-template.js';

interface Given extends Partial<Omit<ProxyRoute, 'match' | 'rewrite'>> {
  readonly match?: Omit<RouteMatch, 'path'>;
  readonly rewrite?: string;
}

/** A route to one upstream that takes everything below `path`, but for what is given. */
export function routeOf(name: string, path: string, { match, rewrite, ...given }: Given = {}): ProxyRoute {
  return {
    name,
    match: { path: readTemplate(path), ...match },
    target: { kind: 'upstream', upstream: 'legacy' },
    rewrite: rewrite === undefined ? undefined : readTemplate(rewrite),
    access: 'caller',
    scopes: [],
    maxBodyBytes: 1_048_576,
    requestHeaders: { deny: [], set: {} },
    responseHeaders: { deny: [], set: {} },
    cookies: 'none',
    ...given,
  };
}
