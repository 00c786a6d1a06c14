import type { RouteEntry } from '@bff/gateway';
import { startApp } from '../world/bff.js';
import { importGateways } from '../world/gateways.js';

/** Routes that anybody may call. A new one here is a decision that a reviewer sees. */
const publicRoutes = [
  'mobile-bff GET /v1/config',
  // Whoever signs in is not signed in yet; the provider shows by a signature that it is the one.
  'web-bff GET /bff/callback',
  'web-bff GET /bff/login',
  'web-bff GET /bff/signed-in',
  'web-bff POST /bff/backchannel-logout',
];

/** Routes that any known caller may call. */
const routesWithoutScopes = [
  // Each call inside is checked on its own.
  'mobile-bff POST /v1/batch',
  // About the session that asks, and others of the same user.
  'web-bff DELETE /bff/sessions',
  'web-bff DELETE /bff/sessions/:id',
  'web-bff GET /bff/session-events',
  'web-bff GET /bff/sessions',
  'web-bff GET /bff/user',
  'web-bff POST /bff/logout',
];

/** What a phone may change without a key: nothing that would happen twice when it is sent twice. */
const changesWithoutKey = [
  // Each call inside brings its own.
  'mobile-bff POST /v1/batch',
];

/** What a version of the app that is blocked may call: how to update, and signing in and out. */
const routesOfAnyAppVersion = [
  'mobile-bff GET /v1/config',
  'web-bff DELETE /bff/sessions',
  'web-bff DELETE /bff/sessions/:id',
  'web-bff GET /bff/callback',
  'web-bff GET /bff/login',
  'web-bff GET /bff/signed-in',
  'web-bff POST /bff/backchannel-logout',
  'web-bff POST /bff/logout',
];

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
    'web-bff GET /bff/login',
    'web-bff GET /bff/callback',
    'web-bff GET /bff/signed-in',
    'web-bff GET /bff/user',
    'web-bff POST /bff/logout',
    'web-bff POST /bff/backchannel-logout',
    'web-bff GET /bff/sessions',
    'web-bff DELETE /bff/sessions',
    'web-bff DELETE /bff/sessions/:id',
    'web-bff GET /bff/session-events',
    'mobile-bff POST /v1/batch',
    'mobile-bff GET /v1/config',
    'mobile-bff GET /v1/home',
    'mobile-bff GET /v1/orders',
    'mobile-bff POST /v1/orders',
    'mobile-bff GET /v1/orders/:id',
    'mobile-bff GET /v1/sync',
    'mobile-bff GET /v1/products/:sku',
  ];
  expect(names(() => true).toSorted()).toEqual(contract.toSorted());
});

test('every route declares what it answers with', () => {
  expect(names(({ view, answer }) => view === undefined && answer === undefined)).toEqual([]);
});

test('every public route is on the list', () => {
  expect(names(({ access }) => access === 'public').toSorted()).toEqual(publicRoutes);
});

test('every route that takes any version of the app is on the list', () => {
  expect(names(({ anyAppVersion }) => anyAppVersion).toSorted()).toEqual(routesOfAnyAppVersion);
});

test('every other route names the scopes it needs', () => {
  const found = names(({ access, scopes }) => access !== 'public' && scopes.length === 0);
  expect(found.toSorted()).toEqual(routesWithoutScopes);
});

test('whatever a phone changes needs an idempotency key: it cannot know whether its call arrived', () => {
  const found = names(({ method, idempotencyKey }) => method !== 'GET' && idempotencyKey !== 'required');
  expect(found.filter((name) => name.startsWith('mobile-bff'))).toEqual(changesWithoutKey);
});

test('nobody who is not known has keys', () => {
  expect(names(({ access, idempotencyKey }) => access === 'public' && idempotencyKey !== undefined)).toEqual(
    [],
  );
});
