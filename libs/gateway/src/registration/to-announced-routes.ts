import type { AnnouncedRoute, Announcement } from '@bff/announce';
import { type ProxyRoute, routeClashes } from '@bff/proxy';
import { RouteEntry } from '../config/route-entry.js';
import { toProxyRoutes } from '../config/to-proxy-routes.js';
import { Refusal } from './refusal.error.js';

/**
 * The routes for this gateway, as those of `gateway.yaml` are, with its defaults for all that an announcement cannot
 * say. Throws Refusal.
 */
export function toAnnouncedRoutes({ iss, routes: announced }: Announcement, gateway: string): ProxyRoute[] {
  const forThis = announced.filter(({ gateways }) => gateways?.includes(gateway) ?? true);
  const entries = forThis.map((route) => readEntry(route, iss));
  const { routes } = toProxyRoutes({ upstreams: {}, routes: entries });
  const named = routes.map((route) => ({ ...route, name: `${iss}/${route.name}` }));
  if (new Set(named.map(({ name }) => name)).size < named.length)
    throw new Refusal('malformed', 'two routes have one name', iss);
  const [clash] = routeClashes(named);
  if (clash !== undefined) throw new Refusal('malformed', clash.message, iss);
  return named;
}

function readEntry(route: AnnouncedRoute, issuer: string): RouteEntry {
  const { name, path, methods, rewrite, scopes, public: isPublic } = route;
  if (isPublic && scopes !== undefined)
    throw new Refusal('malformed', `${name} is public, and has scopes`, issuer);
  const access = isPublic ? { public: true } : scopes && { scopes };
  const read = RouteEntry.safeParse({ name, match: { path, methods }, upstream: issuer, rewrite, access });
  if (read.success) return read.data;
  const [wrong] = read.error.issues;
  throw new Refusal('malformed', `${name}: ${wrong?.path.join('.')}: ${wrong?.message}`, issuer);
}
