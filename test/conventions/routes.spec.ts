import type { RouteEntry } from '@bff/gateway';
import { startApp } from '../world/bff.js';
import { importGateways } from '../world/gateways.js';

/** Routes that anybody may call. A new one here is a decision that a reviewer sees. */
const publicRoutes = ['mobile-bff GET /v1/config'];

/** Routes that any known caller may call, because each call inside is checked on its own. */
const routesWithoutScopes = ['mobile-bff POST /v1/batch'];

let routes: { readonly name: string; readonly route: RouteEntry }[];
beforeAll(async () => {
  routes = [];
  for (const definition of await importGateways()) {
    await using bff = await startApp(definition);
    const named = (route: RouteEntry) => ({
      name: `${definition.name} ${route.method} ${route.path}`,
      route,
    });
    routes.push(...bff.gateway.routes.map(named));
  }
});

const names = (predicate: (route: RouteEntry) => boolean): string[] =>
  routes.filter(({ route }) => predicate(route)).map(({ name }) => name);

test('the public contract’s endpoints are all there, and no others', () => {
  const contract = [
    'web-bff GET /api/dashboard',
    'web-bff GET /api/orders',
    'web-bff POST /api/orders',
    'web-bff GET /api/orders/:id',
    'web-bff GET /api/products',
    'web-bff GET /api/products/:sku',
    'mobile-bff POST /v1/batch',
    'mobile-bff GET /v1/config',
    'mobile-bff GET /v1/home',
    'mobile-bff GET /v1/orders',
    'mobile-bff GET /v1/orders/:id',
    'mobile-bff GET /v1/products/:sku',
  ];
  expect(names(() => true).toSorted()).toEqual(contract.toSorted());
});

test('every route declares what it answers with', () => {
  expect(names(({ view }) => view === undefined)).toEqual([]);
});

test('every public route is on the list', () => {
  expect(names(({ access }) => access === 'public')).toEqual(publicRoutes);
});

test('every other route names the scopes it needs', () => {
  expect(names(({ access, scopes }) => access !== 'public' && scopes.length === 0)).toEqual(
    routesWithoutScopes,
  );
});
