import type { RouteEntry } from '@bff/gateway';
import { startMobileBff, startWebBff } from '../world/bff.js';

/** Routes that anybody may call. A new one here is a decision that a reviewer sees. */
const publicRoutes = ['mobile-bff GET /v1/config'];

/** Routes that any known caller may call, because each call inside is checked on its own. */
const routesWithoutScopes = ['mobile-bff POST /v1/batch'];

let routes: { readonly name: string; readonly route: RouteEntry }[];
beforeAll(async () => {
  await using web = await startWebBff();
  await using mobile = await startMobileBff();
  routes = [
    ...web.gateway.routes.map((route) => ({ name: `web-bff ${route.method} ${route.path}`, route })),
    ...mobile.gateway.routes.map((route) => ({ name: `mobile-bff ${route.method} ${route.path}`, route })),
  ];
});

const names = (predicate: (route: RouteEntry) => boolean): string[] =>
  routes.filter(({ route }) => predicate(route)).map(({ name }) => name);

test('the public contract’s endpoints are all there, and no others', () => {
  expect(names(() => true)).toEqual([
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
  ]);
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
