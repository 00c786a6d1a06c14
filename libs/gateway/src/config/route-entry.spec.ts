import { readTemplate } from '@bff/proxy';
import { parse } from 'yaml';
import { z } from 'zod';
import { FallbackEntry, RouteEntry } from './route-entry.js';
import { checkRoutes, toProxyRoutes } from './to-proxy-routes.js';

const File = z
  .strictObject({
    upstreams: z.record(z.string(), z.object({ url: z.string(), http2: z.boolean().optional() })),
    routes: z.array(RouteEntry).default([]),
    fallback: FallbackEntry.optional(),
  })
  .superRefine(checkRoutes);

const upstreams = 'upstreams: { legacy: { url: "http://legacy" }, orders: { url: "orders:4002" } }';

const read = (text: string) => toProxyRoutes(File.parse(parse(`${upstreams}\n${text}`)));

/** Each as `where: what`. */
const mistakesOf = (text: string): string[] =>
  (File.safeParse(parse(`${upstreams}\n${text}`)).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

const route = (lines: string, target = 'upstream: legacy'): string =>
  `routes:\n  - name: legacy\n    match: { path: /legacy/** }\n    ${target}\n    ${lines}`;

test('every key of a route reaches the table, in its units', () => {
  const text = `
routes:
  - name: legacy
    match: { path: '/legacy/:id/**', methods: [GET, POST], host: shop.example.com, headers: { x-beta: '1' }, query: { v: '2' } }
    upstream: legacy
    rewrite: /shop/:id/**
    query: { set: { source: bff }, remove: [debug] }
    access: { scopes: [orders:read] }
    timeout: 10s
    maxBody: 20MiB
    cookies: pass
    websocket: true
    requestHeaders: { allow: [accept], deny: [x-odd], set: { x-key: k } }
    responseHeaders: { deny: [x-debug], set: { cache-control: no-store } }
    deprecation: { at: 2027-01-01T00:00:00Z, sunset: 2027-06-30T23:59:59+02:00, link: https://docs.example/v2 }`;
  expect(read(text)).toEqual({
    routes: [
      {
        name: 'legacy',
        match: {
          path: readTemplate('/legacy/:id/**'),
          methods: ['GET', 'POST'],
          host: 'shop.example.com',
          headers: { 'x-beta': '1' },
          query: { v: '2' },
        },
        target: { kind: 'upstream', upstream: 'legacy' },
        rewrite: readTemplate('/shop/:id/**'),
        query: { set: { source: 'bff' }, remove: ['debug'] },
        access: 'caller',
        scopes: ['orders:read'],
        timeoutMs: 10_000,
        maxBodyBytes: 20_971_520,
        cookies: 'pass',
        cors: 'service',
        websocket: true,
        anyAppVersion: false,
        requestHeaders: { allow: ['accept'], deny: ['x-odd'], set: { 'x-key': 'k' } },
        responseHeaders: { deny: ['x-debug'], set: { 'cache-control': 'no-store' } },
        deprecation: {
          atMs: Date.UTC(2027, 0, 1),
          sunsetAtMs: Date.UTC(2027, 5, 30, 21, 59, 59),
          link: 'https://docs.example/v2',
        },
      },
    ],
    fallback: undefined,
  });
});

test('a route that says nothing else is for any known caller, without cookies, up to 10 MiB', () => {
  expect(read(route('')).routes[0]).toEqual({
    name: 'legacy',
    match: { path: readTemplate('/legacy/**'), headers: {}, query: {} },
    target: { kind: 'upstream', upstream: 'legacy' },
    access: 'caller',
    scopes: [],
    maxBodyBytes: 10_485_760,
    cookies: 'none',
    cors: 'service',
    websocket: false,
    anyAppVersion: false,
    requestHeaders: { deny: [], set: {} },
    responseHeaders: { deny: [], set: {} },
  });
});

test('a static answer, open to all', () => {
  const { routes } = read(
    route('access: { public: true }', "static: { status: 503, contentType: text/html, body: '<p>Soon</p>' }"),
  );
  expect(routes[0]).toMatchObject({
    target: { kind: 'static', status: 503, contentType: 'text/html', body: '<p>Soon</p>' },
    access: 'public',
    scopes: [],
  });
});

test('a fallback takes everything, under the name of fallback', () => {
  expect(
    read('fallback: { upstream: legacy, access: { public: true }, rewrite: /old/** }').fallback,
  ).toMatchObject({
    name: 'fallback',
    match: { path: readTemplate('/**') },
    target: { kind: 'upstream', upstream: 'legacy' },
    rewrite: readTemplate('/old/**'),
    access: 'public',
  });
});

test.each([
  ['rewrite: /v2/:id', 'routes.0.rewrite: "/v2/:id" has :id, which "/legacy/**" does not give'],
  ['rewrite: v2', 'routes.0.rewrite: "v2" is no path: it begins with a slash'],
  ['rewrite: /a/../b', 'routes.0.rewrite: "/a/../b" is a path that no request may have'],
  ['rewrite: //evil.example/', 'routes.0.rewrite: "//evil.example/" is a path that no request may have'],
  ['rewrite: https://evil.example/', 'routes.0.rewrite: "https://evil.example/" is no path'],
  ['rewrite: "@evil.example/"', 'routes.0.rewrite: "@evil.example/" is no path'],
  [
    'rewrite: "/\\\\evil.example/"',
    'routes.0.rewrite: "/\\evil.example/" is a path that no request may have',
  ],
  ['static: { status: 200 }', 'routes.0: needs one of upstream, split and static'],
  ['access: { public: false }', 'routes.0.access: expected { public: true } or { scopes: [orders:read] }'],
  ['access: { scopes: [] }', 'routes.0.access.scopes: expected at least one scope'],
  ['access: open', 'routes.0.access: expected { public: true } or'],
  ['timeout: fast', 'routes.0.timeout: expected a duration'],
  ['maxBody: 10MB', 'routes.0.maxBody: expected a size'],
  ['cookies: all', 'routes.0.cookies: '],
  ['requestHeaders: { deny: ["a b"] }', 'routes.0.requestHeaders.deny.0: expected the name of a header'],
  ['requestHeaders: { set: { host: a } }', 'routes.0.requestHeaders.set.host: is set by the gateway itself'],
  ['requestHeaders: { set: { X-User-Id: "1" } }', 'routes.0.requestHeaders.set.X-User-Id: is set by'],
  ['responseHeaders: { set: { Set-Cookie: a=1 } }', 'routes.0.responseHeaders.set.Set-Cookie: is set by'],
  [
    'responseHeaders: { set: { a: "b\\nc" } }',
    'routes.0.responseHeaders.set.a: expected text without control',
  ],
  ['deprecation: { at: tomorrow }', 'routes.0.deprecation.at: expected a time'],
  ['deprecation: { link: https://a }', 'routes.0.deprecation: needs at, sunset or both'],
  [
    'deprecation: { at: 2027-01-02T00:00:00Z, sunset: 2027-01-01T00:00:00Z }',
    'routes.0.deprecation: the sunset is before',
  ],
  ['retries: 3', 'routes.0: Unrecognized key: "retries"'],
])('%s is refused, with what is wrong', (line, mistake) => {
  expect(mistakesOf(route(line))).toEqual([expect.stringContaining(mistake)]);
});

test.each([
  ['name: fallback\n    match: { path: /a }', 'routes.0.name: is the name of the fallback'],
  ['name: a\n    match: { path: a }', 'routes.0.match.path: "a" is no path'],
  ['name: a\n    match: { path: /a, methods: [GTE] }', 'routes.0.match.methods.0: '],
  ['name: a\n    match: { path: /a, host: "a:80" }', 'routes.0.match.host: expected a host'],
  [
    'name: a\n    match: { path: /a, headers: { "x y": "1" } }',
    'routes.0.match.headers.x y: expected the name',
  ],
  ['name: a\n    match: { path: /a, header: { x: "1" } }', 'routes.0.match: Unrecognized key: "header"'],
])('%j is refused', (lines, mistake) => {
  expect(mistakesOf(`routes:\n  - ${lines}\n    upstream: legacy`)).toEqual([
    expect.stringContaining(mistake),
  ]);
});

test('what is wrong only beside others is told all at once', () => {
  const text = `
routes:
  - { name: a, match: { path: /a }, upstream: legasy }
  - { name: b, match: { path: '/b/:x' }, upstream: orders }
  - { name: c, match: { path: '/b/:y' }, upstream: legacy }
  - { name: c, match: { path: /c }, upstream: constructor }
fallback: { upstream: monolith }`;
  expect(mistakesOf(text)).toEqual([
    'routes.0.upstream: "legasy" is none of the upstreams (legacy, orders)',
    'routes.1.upstream: the upstream "orders" does not speak HTTP',
    'routes.3.upstream: "constructor" is none of the upstreams (legacy, orders)',
    'fallback.upstream: "monolith" is none of the upstreams (legacy, orders)',
    'routes.3.name: another route is named "c" too',
    expect.stringMatching(
      /^routes\.\d\.match: the routes "b" and "c" cannot be told apart: both take every method/,
    ),
  ]);
});

test('a fallback knows no parameters but the whole path', () => {
  expect(mistakesOf('fallback: { upstream: legacy, rewrite: /x/:id }')).toEqual([
    'fallback.rewrite: "/x/:id" has :id, but a fallback gives nothing but **',
  ]);
});

test('editors get a schema of it', () => {
  expect(z.toJSONSchema(File, { io: 'input' })).toMatchObject({
    properties: { routes: { items: { required: ['name', 'match'], additionalProperties: false } } },
  });
});

test('a WebSocket needs a service that speaks HTTP/1.1', () => {
  const two = 'upstreams: { legacy: { url: "http://legacy" }, two: { url: "http://two", http2: true } }';
  const entries = `
routes:
  - { name: right, match: { path: /right }, upstream: legacy, websocket: true, mirror: { upstream: two, share: 0.1 } }
  - { name: plain, match: { path: /plain }, upstream: two }
  - { name: fixed, match: { path: /fixed }, static: {}, websocket: true }
fallback: { upstream: two, websocket: true }`;
  const issues = File.safeParse(parse(`${two}${entries}`)).error?.issues ?? [];
  expect(issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
    'routes.2.websocket: needs upstream or split: a static answer is no WebSocket',
    'fallback.websocket: needs upstreams without http2, which "two" has',
  ]);
});
