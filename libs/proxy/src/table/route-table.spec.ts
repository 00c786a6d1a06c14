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

describe('versions by media type', () => {
  const [v1, v2] = ['application/vnd.shop.v1+json', 'application/vnd.shop.v2+json'];
  const version = (name: string, headers: Record<string, string>, more: object = {}) =>
    routeOf(name, '/books/:id', { match: { headers, ...more } });
  const versions = [version('v1', { Accept: v1 }), version('v2', { accept: v2 })];
  const others = [routeOf('newest', '/books/:id'), routeOf('all', '/**')];
  const acceptedBy = (accept: string | undefined, ...routes: readonly ProxyRoute[]) =>
    find(createRouteTable(routes, []), '/books/7', { headers: accept === undefined ? {} : { accept } });

  test.each([
    [v1, 'v1'],
    [`${v1};q=0.3, ${v2};q=0.7`, 'v2'],
    [`${v2};q=0.3, ${v1};q=0.7`, 'v1'],
    [`${v2}, ${v1}`, 'v2'],
    [`${v1};q=0.1, */*`, 'v1'],
    [`${v1};q=0`, 'newest'],
    ['application/vnd.shop.v3+json', 'newest'],
    ['*/*', 'newest'],
    [undefined, 'newest'],
  ])('who accepts %s gets %s, whatever the order of the routes', (accept, name) => {
    expect(acceptedBy(accept, ...versions, ...others)).toBe(name);
    expect(acceptedBy(accept, ...others, ...versions.toReversed())).toBe(name);
  });

  test.each([
    ['*/*', 'v1'],
    ['application/*, text/html', 'v1'],
    [undefined, 'v1'],
    [`${v1};q=0, */*`, 'v2'],
    ['text/html', `not_acceptable: ${v1}, ${v2}`],
  ])('where every route has one, who accepts %s gets %s', (accept, name) => {
    expect(acceptedBy(accept, ...versions)).toBe(name);
  });

  test('a wider route, or the fallback, takes who accepts none of them', () => {
    expect(acceptedBy('text/html', ...versions, routeOf('all', '/**'))).toBe('all');
    const table = createRouteTable(versions, [], routeOf('fallback', '/**'));
    expect(find(table, '/books/7', { headers: { accept: 'text/html' } })).toBe('fallback');
    expect(find(table, '/books/7', { headers: { accept: '*/*' } })).toBe('v1');
  });

  test('another method or another path is not there at all, rather than not acceptable', () => {
    const table = createRouteTable([version('v1', { accept: v1 }, { methods: ['GET'] })], []);
    const headers = { accept: 'text/html' };
    expect(find(table, '/books/7', { headers })).toBe(`not_acceptable: ${v1}`);
    expect(find(table, '/books/7', { headers, method: 'PUT' })).toBeUndefined();
    expect(find(table, '/books', { headers })).toBeUndefined();
  });

  test('more conditions go before a better liked type', () => {
    const beta = version('beta', { accept: v1, 'x-beta': '1' });
    const table = createRouteTable([...versions, beta], []);
    expect(find(table, '/books/7', { headers: { accept: `${v2}, ${v1};q=0.1`, 'x-beta': '1' } })).toBe(
      'beta',
    );
  });

  test('a body is told from others by its type, whatever its charset', () => {
    const json = version('json', { 'content-type': 'application/json' });
    const xml = version('xml', { 'content-type': 'application/xml' });
    const table = createRouteTable([json, xml], []);
    const sent = (type: string) => find(table, '/books/7', { headers: { 'content-type': type } });
    expect(sent('application/xml; charset=utf-8')).toBe('xml');
    expect(sent('text/plain')).toBe('unsupported_media_type: application/json, application/xml');
  });

  test('what cannot be a media type is compared as it is', () => {
    const anything = version('anything', { accept: '*/*' });
    const table = createRouteTable([anything, ...others], []);
    expect(find(table, '/books/7', { headers: { accept: '*/*' } })).toBe('anything');
    expect(find(table, '/books/7', { headers: { accept: 'text/html' } })).toBe('newest');
  });

  test('every route of a path says which headers decide there', () => {
    const table = createRouteTable([...versions, version('beta', { 'X-Beta': '1' }), ...others], []);
    const varyOf = (path: string) => table.match(requestOf(path, { headers: { accept: v1 } }));
    expect(varyOf('/books/7')).toMatchObject({ vary: ['accept', 'x-beta'] });
    expect(varyOf('/books')).toMatchObject({ vary: [] });
  });
});
