import { HttpClient } from '@bff/testing';
import { type ProxyWorld, startProxyWorld, valuesOf } from '../world/proxy-world.js';
import { exchange, requestText } from '../world/raw-http.js';

const routes = [
  {
    name: 'files',
    match: { path: '/files/**' },
    upstream: 'legacy',
    rewrite: '/v2/**',
    access: { public: true },
  },
  { name: 'mine', match: { path: '/mine/:id' }, upstream: 'legacy', access: { scopes: ['orders:read'] } },
  {
    name: 'down',
    match: { path: '/shop/**' },
    static: { status: 503, contentType: 'text/html', body: '<p>Back at noon.</p>' },
    access: { public: true },
  },
  {
    name: 'cookies',
    match: { path: '/cookies' },
    upstream: 'legacy',
    cookies: 'pass',
    access: { public: true },
  },
];

let world: ProxyWorld;
beforeAll(async () => void (world = await startProxyWorld({ routes })));
beforeEach(() => {
  world.seen.length = 0;
  world.serve = (_request, response) => void response.end('legacy');
});
afterAll(() => world[Symbol.asyncDispose]());

const last = () => world.seen.at(-1)!;

test('what a route is for goes to its upstream under another path, and views stay what they are', async () => {
  const answer = await world.bff.anonymous.get('/files/a%20b/c?d=%2F&d=2');
  expect([answer.status, answer.text]).toEqual([200, 'legacy']);
  expect(last().url).toBe('/v2/a%20b/c?d=%2F&d=2');
  expect((await world.bff.ada.get('/api/products')).status).toBe(200);
  expect((await world.bff.anonymous.get('/nothing')).status).toBe(404);
  expect(world.seen).toHaveLength(1);
});

test('a route is closed unless it says otherwise, and asks for its scopes', async () => {
  const stranger = await world.bff.anonymous.get('/mine/42');
  expect(stranger.status).toBe(401);
  expect(stranger.headers['www-authenticate']).toContain('Bearer');
  await using narrow = await world.bff.with({ scope: 'catalog:read' });
  expect((await narrow.get('/mine/42')).status).toBe(403);
  expect(world.seen).toHaveLength(0);
  expect((await world.bff.ada.get('/mine/42')).status).toBe(200);
  expect(valuesOf(last(), 'x-user-id')).toEqual(['7']);
  expect(valuesOf(last(), 'x-identity-assertion')).toHaveLength(1);
});

test('nothing that only the gateway may say comes from the caller, and the caller’s secrets stay here', async () => {
  const headers = [
    'Host: bff.example',
    `Authorization: Bearer ${await world.bff.issuer.mint()}`,
    'Cookie: a=1; __Host-web-bff-session=x',
    'X-User-Id: 8',
    'X-Internal-Role: admin',
    'X-Identity-Assertion: forged',
    'X-Forwarded-For: 10.0.0.1',
    'x_user_id: 8',
    'X-Own: kept',
    'Connection: keep-alive, X-Hop',
    'X-Hop: dropped',
  ];
  const answer = await exchange(world.bff.gateway.url, requestText('GET /mine/42 HTTP/1.1', headers));
  expect(answer?.status).toBe(200);
  const names = last()
    .rawHeaders.filter((_, index) => index % 2 === 0)
    .map((name) => name.toLowerCase());
  for (const name of ['cookie', 'authorization', 'x-internal-role', 'x_user_id', 'x-hop'])
    expect(names).not.toContain(name);
  expect(valuesOf(last(), 'x-user-id')).toEqual(['7']);
  expect(valuesOf(last(), 'x-identity-assertion')).not.toContain('forged');
  expect(valuesOf(last(), 'x-own')).toEqual(['kept']);
  expect(valuesOf(last(), 'x-forwarded-for')).toEqual(['127.0.0.1']);
});

test.each([
  [
    'big integers, duplicate keys and odd escapes',
    '{"id":12345678901234567890,"id":1e400,"a":"\\u0000\\/\\ud800"}',
  ],
  ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])],
  ['nothing', ''],
  ['every byte', Buffer.from(Array.from({ length: 256 }, (_, index) => index))],
])('%s pass byte for byte, both ways', async (_what, text) => {
  const bytes = Buffer.from(text);
  world.serve = (_request, response, body) => void response.end(body);
  const answer = await fetch(`${world.bff.gateway.url}/files/echo`, { method: 'POST', body: bytes });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  expect(last().body).toEqual(bytes);
});

test('all lines of Set-Cookie come where cookies pass, but for our own; elsewhere none', async () => {
  world.serve = (_request, response) =>
    void response
      .writeHead(200, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Set-Cookie', '__Host-web-bff-session=evil'])
      .end();
  const passing = await fetch(`${world.bff.gateway.url}/cookies`, {
    headers: { cookie: 'c=3; __Host-web-bff-session=secret' },
  });
  expect(passing.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(valuesOf(last(), 'cookie')).toEqual(['c=3']);
  const closed = await fetch(`${world.bff.gateway.url}/files/x`);
  expect(closed.headers.getSetCookie()).toEqual([]);
});

test('a route may answer by itself', async () => {
  const answer = await world.bff.anonymous.get('/shop/cart');
  expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([
    503,
    'text/html',
    '<p>Back at noon.</p>',
  ]);
});

test('a status of the upstream is handed on with its body, and so are 204, 304, HEAD and ranges', async () => {
  world.serve = ({ method, url = '', headers }, response) => {
    if (url.endsWith('/404'))
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('old words');
    if (url.endsWith('/204')) return void response.writeHead(204).end();
    if (url.endsWith('/304')) return void response.writeHead(304, { etag: '"a"' }).end();
    if (headers.range === 'bytes=0-1')
      return void response.writeHead(206, { 'content-range': 'bytes 0-1/6' }).end('le');
    response.writeHead(200, { 'content-length': 6 }).end(method === 'HEAD' ? undefined : 'legacy');
  };
  const { anonymous } = world.bff;
  expect(await anonymous.get('/files/404')).toMatchObject({ status: 404, text: 'old words' });
  expect(await anonymous.get('/files/204')).toMatchObject({ status: 204, text: '' });
  expect(await anonymous.get('/files/304')).toMatchObject({
    status: 304,
    text: '',
    headers: { etag: '"a"' },
  });
  expect(await anonymous.call('HEAD', '/files/x')).toMatchObject({
    status: 200,
    text: '',
    headers: { 'content-length': '6' },
  });
  expect(await anonymous.get('/files/x', { headers: { range: 'bytes=0-1' } })).toMatchObject({
    status: 206,
    text: 'le',
    headers: { 'content-range': 'bytes 0-1/6' },
  });
});

test.each([
  ['/files/../mine/42'],
  ['/files/%2e%2e/mine/42'],
  ['/files/..%2fmine'],
  ['/files/a%5c..%5cb'],
  ['/files/%00'],
  ['/files//a'],
  ['/files/..;/mine'],
  ['/files/%252e%252e/mine'],
])('%s is refused, and no upstream hears of it', async (path) => {
  const answer = await exchange(
    world.bff.gateway.url,
    requestText(`GET ${path} HTTP/1.1`, ['Host: bff.example']),
  );
  expect(answer?.status).toBe(400);
  expect(world.seen).toHaveLength(0);
});

test('what the table is, in the order in which it is tried, is on the management port', async () => {
  const lines = (await world.bff.management.get('/routes')).body as { name?: string; path: string }[];
  expect(lines.find(({ name }) => name === 'mine')).toMatchObject({
    path: '/mine/:id',
    upstream: 'legacy',
    access: 'caller',
    scopes: ['orders:read'],
  });
  expect(lines.some(({ path }) => path === '/api/dashboard')).toBe(true);
});

test('what nothing else is for goes to the old system', async () => {
  await using strangler = await startProxyWorld({
    fallback: { upstream: 'legacy', access: { public: true } },
  });
  expect((await strangler.bff.anonymous.get('/old/page?x=1')).text).toBe('legacy');
  expect(strangler.seen.at(-1)?.url).toBe('/old/page?x=1');
  expect((await strangler.bff.ada.get('/api/products')).status).toBe(200);
  await using client = new HttpClient(strangler.bff.gateway.url);
  expect((await client.get('/')).text).toBe('legacy');
});
