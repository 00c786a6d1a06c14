import { routeOf } from '../route.fixture.js';
import type { ProxyRoute, RouteMatch } from '../route.js';
import { type Asked, find, requestOf } from './route-request.fixture.js';
import { createRouteTable, type RouteTable } from './route-table.js';

const tableOf = (...paths: string[]): RouteTable =>
  createRouteTable(
    paths.map((path) => routeOf(path, path)),
    [],
  );

test.each([
  ['/a/b', ['/a/b', '/a/:x', '/:x/b', '/a/**', '/**']],
  ['/a/c', ['/a/:x', '/a/**', '/:x/c', '/**']],
  ['/a', ['/a', '/:x', '/a/**', '/**']],
  ['/a/b/c', ['/a/b/**', '/a/:x/c', '/a/**', '/:x/b/c', '/**']],
])('the way of %s is found among %j whatever their order', (path, paths) => {
  expect(find(tableOf(...paths), path)).toBe(paths[0]);
  expect(find(tableOf(...paths.toReversed()), path)).toBe(find(tableOf(...paths), path));
});

test('parameters are given as they came, byte for byte', () => {
  const table = tableOf('/u/:id/f/**', '/x/**');
  expect(table.match(requestOf('/u/a%20b%C3%A9;v=1/f/c%2B/d/'))).toMatchObject({
    params: { id: 'a%20b%C3%A9;v=1', '**': '/c%2B/d/' },
  });
  expect(table.match(requestOf('/x'))).toMatchObject({ params: { '**': '' } });
  expect(table.match(requestOf('/x/'))).toMatchObject({ params: { '**': '/' } });
});

test.each(['/%61dmin/x', '/admin;v=1/x', '/adm%69n;/x', '/admin%3bv/x'])(
  '%s does not go round the route of /admin by a wider one',
  (path) => {
    expect(find(tableOf('/admin/**', '/**'), path)).toBe('/admin/**');
  },
);

test.each([
  ['/a', '/a/'],
  ['/a/', '/a'],
  ['/u/:id', '/u/'],
  ['/u/:id', '/u/1/'],
  ['/a', '/A'],
])('the route %s is not for %s', (template, path) => {
  expect(find(tableOf(template), path)).toBeUndefined();
});

describe('routes of one path', () => {
  const one = (name: string, match: Omit<RouteMatch, 'path'> = {}) => routeOf(name, '/a', { match });
  const table = createRouteTable(
    [
      one('any'),
      one('beta', { headers: { 'X-Beta': '1' } }),
      one('second', { query: { v: '2' } }),
      one('both', { headers: { 'x-beta': '1' }, query: { v: '2' } }),
      one('post', { methods: ['POST'] }),
      one('get', { methods: ['GET'] }),
      one('shop', { host: 'Shop.example.com' }),
      one('shop post', { host: 'shop.example.com', methods: ['POST'] }),
    ],
    [],
  );

  test('are tried with a host, then with a method, then with more conditions first, then as in the file', () => {
    expect(table.entries().map(({ name }) => name)).toEqual([
      'shop post',
      'shop',
      'post',
      'get',
      'both',
      'beta',
      'second',
      'any',
    ]);
  });

  test.each<[string, Asked]>([
    ['get', { headers: { 'x-beta': '1' } }],
    ['get', { method: 'HEAD' }],
    ['beta', { method: 'PUT', headers: { 'x-beta': '1' } }],
    ['both', { method: 'PUT', headers: { 'x-beta': '1' }, query: { v: '2' } }],
    ['second', { method: 'PUT', headers: { 'x-beta': '2' }, query: { v: '2' } }],
    ['any', { method: 'PUT' }],
    ['shop', { host: 'SHOP.example.com.:8080' }],
    ['shop post', { host: 'shop.example.com', method: 'POST' }],
    ['post', { host: 'example.com', method: 'POST' }],
  ])('%s takes %j', (name, asked) => {
    expect(find(table, '/a', asked)).toBe(name);
  });
});

test('an IPv6 host loses its port and nothing else', () => {
  const table = createRouteTable([routeOf('six', '/a', { match: { host: '[::1]' } })], []);
  expect(find(table, '/a', { host: '[::1]:3000' })).toBe('six');
  expect(find(table, '/a', { host: '[::1]' })).toBe('six');
});

test('a path whose conditions fail goes on with what is less precise', () => {
  const table = createRouteTable(
    [
      routeOf('literal', '/a/b', { match: { methods: ['POST'] } }),
      routeOf('param', '/a/:x', { match: { host: 'b' } }),
      routeOf('rest', '/a/**'),
    ],
    [],
  );
  expect(find(table, '/a/b')).toBe('rest');
  expect(table.match(requestOf('/a/b', { host: 'b' }))).toMatchObject({ params: { x: 'b' } });
});

test('a way that led nowhere leaves no parameter behind', () => {
  const table = tableOf('/u/:id/x', '/:a/:b/y');
  expect(table.match(requestOf('/u/1/y'))).toMatchObject({ params: { a: 'u', b: '1' } });
});

describe('views', () => {
  const views = [
    { method: 'GET', path: '/api/orders' },
    { method: 'GET', path: '/api/orders/:id' },
  ];
  const routes = [
    routeOf('all', '/api/**'),
    routeOf('same', '/api/orders'),
    routeOf('closer', '/api/orders/special'),
    routeOf('beta', '/api/orders', { match: { methods: ['GET'], headers: { 'x-beta': '1' } } }),
  ];
  const table = createRouteTable(routes, views, routeOf('fallback', '/**'));

  test.each<[string, string, Asked]>([
    ['view', '/api/orders', {}],
    ['view', '/api/orders', { method: 'HEAD' }],
    ['view', '/api/orders/', {}],
    ['view', '/api/orders/42', {}],
    ['view', '/api/orders/42/', {}],
    ['beta', '/api/orders', { headers: { 'x-beta': '1' } }],
    ['view', '/api/orders/', { headers: { 'x-beta': '1' } }],
    ['same', '/api/orders', { method: 'POST' }],
    ['closer', '/api/orders/special', {}],
    ['all', '/api/orders/42', { method: 'DELETE' }],
    ['fallback', '/other', {}],
  ])('%s answers %s %j', (name, path, asked) => {
    expect(find(table, path, asked)).toBe(name);
  });

  test('and the fallback stand in the list where they are tried', () => {
    expect(table.entries().map(({ name, path }) => name ?? `view ${path}`)).toEqual([
      'beta',
      'view /api/orders',
      'same',
      'closer',
      'view /api/orders/:id',
      'all',
      'fallback',
    ]);
  });

  test('the fallback gets the whole path as the rest', () => {
    expect(table.match(requestOf('/x/y'))).toMatchObject({ params: { '**': '/x/y' } });
  });
});

test('nothing takes what nothing matches, where there is no fallback', () => {
  expect(find(tableOf('/a'), '/b')).toBeUndefined();
});

const twice = (...routes: [string, Omit<RouteMatch, 'path'>][]): ProxyRoute[] =>
  routes.map(([path, match], index) => routeOf(`r${index}`, path, { match }));

test.each([
  [twice(['/a/:x', {}], ['/a/:y', {}]), 'both take every method of /a/:y'],
  [twice(['/a', { methods: ['GET', 'POST'] }], ['/a', { methods: ['POST'] }]), 'both take POST of /a'],
  [twice(['/a', { methods: ['GET'] }], ['/a', { methods: ['HEAD'] }]), 'both take HEAD of /a'],
  [twice(['/%61', { host: 'X' }], ['/a', { host: 'x' }]), 'both take every method of /a'],
  [
    twice(['/a', { headers: { a: '1', b: '2' } }], ['/a', { headers: { B: '2', A: '1' } }]),
    'both take every method of /a',
  ],
])('routes that nothing tells apart are refused by their names', (routes, what) => {
  expect(() => createRouteTable(routes, [])).toThrow(
    `the routes "r0" and "r1" cannot be told apart: ${what}`,
  );
});

test('every mistake is told at once, and a route behind a view is one', () => {
  const routes = [
    ...twice(['/a', {}], ['/a', {}], ['/a', {}]),
    routeOf('hidden', '/b/:x', { match: { methods: ['GET'] } }),
  ];
  expect(() => createRouteTable(routes, [{ method: 'GET', path: '/b/:id' }])).toThrow(
    [
      'the route "hidden" is never reached: the gateway itself answers /b/:x',
      'the routes "r0" and "r1" cannot be told apart: both take every method of /a',
      'the routes "r0" and "r2" cannot be told apart: both take every method of /a',
    ].join('\n'),
  );
});

/** How many steps one lookup takes in a table of so many routes. */
function stepsOf(routes: readonly ProxyRoute[], path: string, asked?: Asked): number {
  let steps = 0;
  createRouteTable(routes, [], routeOf('fallback', '/**')).match(requestOf(path, asked), () => (steps += 1));
  return steps;
}

test.each<[string, (index: number) => ProxyRoute, string, Asked]>([
  ['paths', (index) => routeOf(`r${index}`, `/s${index}/:id/**`), '/s9/7/x', {}],
  ['unknown paths', (index) => routeOf(`r${index}`, `/s${index}/:id/**`), '/other/7/x', {}],
  ['hosts', (index) => routeOf(`r${index}`, '/**', { match: { host: `h${index}` } }), '/a/b', { host: 'h9' }],
  ['deep paths', (index) => routeOf(`r${index}`, `/a/:x/${index}/b`), '/a/1/9/b', {}],
])('a lookup among 10,000 routes takes the steps of one among 10: %s', (_, toRoute, path, asked) => {
  const few = Array.from({ length: 10 }, (_, index) => toRoute(index));
  const many = Array.from({ length: 10_000 }, (_, index) => toRoute(index));
  expect(stepsOf(few, path, asked)).toBeGreaterThan(0);
  expect(stepsOf(many, path, asked)).toBe(stepsOf(few, path, asked));
});
