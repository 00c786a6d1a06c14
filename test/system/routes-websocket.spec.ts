import { createCertificates, until } from '@bff/testing';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { exchange, RawConnection, requestText } from '../world/raw-http.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { SocketClient } from '../world/socket-client.js';
import { SocketService, toFrame } from '../world/socket-service.js';
import { cookieNames, type Visitor } from '../world/visitor.js';

const chat = { upstream: 'chat', websocket: true };
const open = { public: true };
const routes = [
  { name: 'open', match: { path: '/open/**' }, ...chat, rewrite: '/v2/**', access: open },
  { name: 'mine', match: { path: '/mine' }, ...chat, access: { scopes: ['orders:read'] } },
  { name: 'plain', match: { path: '/plain' }, upstream: 'chat', access: open },
  { name: 'cookies', match: { path: '/cookies' }, ...chat, cookies: 'pass', access: open },
  {
    name: 'narrow',
    match: { path: '/narrow' },
    ...chat,
    access: open,
    requestHeaders: { allow: ['x-room'] },
    responseHeaders: { allow: ['x-room'] },
  },
];

const upstreamsWith = (url: string, more: object = {}) => ({
  users: { url: '${USERS_URL}' },
  orders: { url: '${ORDERS_URL}' },
  catalog: { url: '${CATALOG_URL}' },
  chat: { url, timeout: '2s', bulkhead: { concurrent: 500 }, ...more },
});

/** By hand: what a browser's page cannot leave out, and more than it may add. */
const handshake = (path: string, more: readonly string[] = []): string =>
  requestText(`GET ${path} HTTP/1.1`, [
    'Host: bff.example',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...more,
  ]);

describe('a WebSocket', () => {
  let service: SocketService;
  let world: ProxyWorld;
  beforeAll(async () => {
    service = await SocketService.start();
    world = await startProxyWorld({ routes, upstreams: upstreamsWith(service.url) });
  });
  beforeEach(() => {
    service.opened.length = 0;
    service.plain.length = 0;
    service.declines = undefined;
    service.greeting = {};
    service.isSilent = false;
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await service?.[Symbol.asyncDispose]();
  });
  const url = () => world.bff.gateway.url;
  const authorization = async (token = {}) => `Bearer ${await world.bff.issuer.mint(token)}`;

  test('carries text and bytes both ways, at the path of its route', async () => {
    using client = await SocketClient.open(url(), '/open/room%201?of=2');
    client.socket.send('héllo');
    client.socket.send(Buffer.alloc(50_000, 7));
    await until('the echo', () => client.received.length === 2);
    expect(client.received).toEqual(['héllo', Buffer.alloc(50_000, 7)]);
    expect(service.last?.request.url).toBe('/v2/room%201?of=2');
  });

  test('is opened for a caller with its scopes, and the service is told by the gateway who it is', async () => {
    const headers = { authorization: await authorization(), 'x-user-id': '8', cookie: 'a=1' };
    using _client = await SocketClient.open(url(), '/mine', headers);
    const seen = service.last?.request.headers;
    expect(seen).toMatchObject({ 'x-user-id': '7', upgrade: 'websocket', 'x-forwarded-for': '127.0.0.1' });
    expect(seen?.['x-identity-assertion']).toBeDefined();
    expect([seen?.authorization, seen?.cookie]).toEqual([undefined, undefined]);
  });

  test.each([
    ['a stranger', 401, 'unauthenticated', []],
    ['a token that is none', 401, 'unauthenticated', ['Authorization: Bearer no']],
  ])('is not opened for %s', async (_who, status, code, more) => {
    const answer = await exchange(url(), handshake('/mine', more));
    expect(answer).toMatchObject({ status, body: { type: `urn:bff:${code}` } });
    expect(answer?.headers).toMatchObject({
      'content-type': 'application/problem+json',
      connection: 'close',
    });
    expect(answer?.headers['x-request-id']).toBeDefined();
    expect(service.opened).toHaveLength(0);
  });

  test('is not opened for a caller without the scope, and the connection is closed behind the answer', async () => {
    const line = `Authorization: ${await authorization({ scope: 'catalog:read' })}`;
    using connection = await RawConnection.open(url());
    connection.send(handshake('/mine', [line]));
    expect((await connection.answer())?.status).toBe(403);
    await until('it is closed', () => connection.closed);
    expect(service.opened).toHaveLength(0);
  });

  test('is a request like others where no route says so, or to another protocol', async () => {
    expect(await exchange(url(), handshake('/plain'))).toMatchObject({ status: 200 });
    expect(service.plain.at(-1)?.headers.upgrade).toBeUndefined();
    expect((await exchange(url(), handshake('/nothing')))?.status).toBe(404);
    expect((await exchange(url(), handshake('/open/../mine')))?.status).toBe(400);
    const other = handshake('/open/x').replace('Upgrade: websocket', 'Upgrade: h2c');
    expect((await exchange(url(), other))?.status).toBe(200);
    expect(service.opened).toHaveLength(0);
  });

  test('is not opened for two Hosts', async () => {
    expect((await exchange(url(), handshake('/open/x', ['Host: other'])))?.status).toBe(400);
    expect(service.opened).toHaveLength(0);
  });

  test('with cookies of others is opened for a page of ours only', async () => {
    const cookie = 'Cookie: legacy=1';
    for (const more of [[cookie], [cookie, 'Origin: http://evil.example']])
      expect((await exchange(url(), handshake('/cookies', more)))?.status).toBe(403);
    expect(service.opened).toHaveLength(0);
    const ours = await exchange(url(), handshake('/cookies', [cookie, 'Origin: http://bff.example']));
    expect(ours?.status).toBe(101);
    expect(service.last?.request.headers.cookie).toBe('legacy=1');
  });

  test('has its handshake where a list says what else may pass', async () => {
    service.greeting = { lines: ['Sec-WebSocket-Protocol: chat', 'X-Room: 1', 'X-Other: 1'] };
    using client = await SocketClient.open(url(), '/narrow', {}, ['chat']);
    expect(client.socket.protocol).toBe('chat');
    const answer = await exchange(url(), handshake('/narrow', ['Sec-WebSocket-Protocol: chat']));
    expect(answer?.headers).toMatchObject({
      'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      'x-room': '1',
    });
    expect(answer?.headers['x-other']).toBeUndefined();
  });

  test('loses nothing that comes in one piece with either head', async () => {
    service.greeting = { frames: toFrame(1, Buffer.from('welcome')) };
    using connection = await RawConnection.open(url());
    const received: Buffer[] = [];
    connection.socket.on('data', (chunk: Buffer) => received.push(chunk));
    const early = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
    connection.send(Buffer.concat([Buffer.from(handshake('/open/x')), early]));
    await until('the echo', () => Buffer.concat(received).includes(toFrame(1, Buffer.from('hi'))));
    expect(Buffer.concat(received).includes(toFrame(1, Buffer.from('welcome')))).toBe(true);
  });

  test('that the service declines is answered as the service says', async () => {
    const head = ['HTTP/1.1 426 Upgrade Required', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    service.declines = [...head, 'Content-Length: 3', 'Connection: close', '', 'no!'].join('\r\n');
    using connection = await RawConnection.open(url());
    const answer = await connection.send(handshake('/open/x')).answer();
    expect(answer).toMatchObject({ status: 426, text: 'no!', headers: { 'sec-websocket-version': '13' } });
    await until('it is closed', () => connection.closed);
  });

  test.each([
    [
      'speaks another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
    ],
    ['speaks nonsense', 'nonsense\r\n\r\n'],
    ['hangs up', ''],
  ])('whose service %s is a 502', async (_what, said) => {
    service.declines = said;
    const answer = await exchange(url(), handshake('/open/x'));
    expect(answer?.status).toBe(502);
    expect(answer?.text).not.toMatch(/127\.0\.0\.1|h2c|nonsense/);
  });

  test('whose service says nothing is a 504', async () => {
    service.isSilent = true;
    const answer = await exchange(url(), handshake('/open/x', ['X-Timeout-Ms: 100']));
    expect(answer).toMatchObject({ status: 504, body: { type: 'urn:bff:upstream_timeout' } });
    expect(answer?.headers['strict-transport-security']).toBeDefined();
  });

  test('ends for either side when the other one closes it, hangs up or is cut off', async () => {
    using first = await SocketClient.open(url(), '/open/x');
    first.socket.close(4000);
    await until('both ends', () => first.closeCode === 4000 && service.last?.isClosed);
    expect(service.last?.closeCode).toBe(4000);

    using cutOff = await RawConnection.open(url());
    expect((await cutOff.send(handshake('/open/x')).answer())?.status).toBe(101);
    const seen = service.last;
    cutOff.socket.resetAndDestroy();
    await until('the service hears of it', () => seen?.isClosed);
    expect(seen?.closeCode).toBe(1001);

    using left = await SocketClient.open(url(), '/open/x');
    service.last?.socket.destroy();
    await until('the client hears of it', () => left.closeCode);
    expect(left.closeCode).toBe(1001);
  });

  test('is open beside 199 others', async () => {
    const clients = await Promise.all(Array.from({ length: 200 }, () => SocketClient.open(url(), '/open/x')));
    for (const [index, client] of clients.entries()) client.socket.send(`${index}`);
    await until('all echoes', () => clients.every(({ received }) => received.length === 1));
    expect(clients.map(({ received }) => received[0])).toEqual(clients.map((_, index) => `${index}`));
    for (const { socket } of clients) socket.close();
    await until('all are closed', () => service.opened.every(({ isClosed }) => isClosed));
    const { body } = await world.bff.management.get('/upstreams');
    const states = (Array.isArray(body) ? body : (body as { upstreams: unknown }).upstreams) as {
      name: string;
      inFlight: number;
    }[];
    expect(states.find(({ name }) => name === 'chat')?.inFlight).toBe(0);
  });

  test('whose client does not read keeps its service from sending', async () => {
    using connection = await RawConnection.open(url());
    await connection.send(handshake('/open/x')).answer();
    connection.socket.pause();
    const socket = service.last!.socket;
    const chunk = toFrame(2, Buffer.alloc(1024 * 1024));
    const before = process.memoryUsage().rss;
    let sent = 0;
    while (sent < 64 && socket.writableLength < 16 * 1024 * 1024) {
      socket.write(chunk);
      sent += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    // What the gateway has not taken is still with the service: sockets hold some megabytes, the gateway next to nothing.
    expect(socket.writableLength).toBeGreaterThan(4 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    connection.socket.removeAllListeners('data').resume();
    await until('all of it', () => socket.writableLength === 0);
  });
});

test('a WebSocket to a service behind TLS is one', async () => {
  const { ca, server } = await createCertificates();
  const folder = mkdtempSync(join(tmpdir(), 'websocket-'));
  try {
    writeFileSync(join(folder, 'ca.pem'), ca);
    await using service = await SocketService.start(server);
    const upstreams = upstreamsWith(service.url, { tls: { ca: join(folder, 'ca.pem') } });
    await using world = await startProxyWorld({ routes, upstreams });
    using client = await SocketClient.open(world.bff.gateway.url, '/open/x');
    client.socket.send('secret');
    await until('the echo', () => client.received.length === 1);
    expect(client.received).toEqual(['secret']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a service that is away is a 502, and one that is full a 503', async () => {
  await using service = await SocketService.start();
  const bulkhead = { concurrent: 1, queue: 0 };
  await using full = await startProxyWorld({ routes, upstreams: upstreamsWith(service.url, { bulkhead }) });
  using _only = await SocketClient.open(full.bff.gateway.url, '/open/x');
  const refused = await exchange(full.bff.gateway.url, handshake('/open/x'));
  expect(refused).toMatchObject({ status: 503, body: { type: 'urn:bff:upstream_overloaded' } });
  await using away = await startProxyWorld({ routes, upstreams: upstreamsWith('http://127.0.0.1:1') });
  const unreachable = await exchange(away.bff.gateway.url, handshake('/open/x'));
  expect(unreachable).toMatchObject({ status: 502, body: { type: 'urn:bff:upstream_unreachable' } });
});

test('a split and a limit of a route hold for WebSockets', async () => {
  await using service = await SocketService.start();
  await using other = await SocketService.start();
  const upstreams = { ...upstreamsWith(service.url), other: { url: other.url } };
  const split = [
    { upstream: 'chat', weight: 100 },
    { upstream: 'other', weight: 0 },
  ];
  const splitHeader = { name: 'x-variant', values: { beta: 'other' } };
  const limits = { per: 'address', requests: 2, window: '60s' };
  const shared = [
    { name: 'shared', match: { path: '/shared' }, websocket: true, access: open, split, splitHeader, limits },
  ];
  await using world = await startProxyWorld({ routes: shared, upstreams });
  const { url } = world.bff.gateway;
  expect((await exchange(url, handshake('/shared')))?.status).toBe(101);
  expect((await exchange(url, handshake('/shared', ['X-Variant: beta'])))?.status).toBe(101);
  expect((await exchange(url, handshake('/shared')))?.status).toBe(429);
  expect([service.opened.length, other.opened.length]).toEqual([1, 1]);
});

test('a reload lets open WebSockets be, and counts for the next ones', async () => {
  await using service = await SocketService.start();
  await using world = await startProxyWorld({ routes, upstreams: upstreamsWith(service.url) });
  const { gateway } = world.bff;
  using client = await SocketClient.open(gateway.url, '/open/x');
  const file = parse(readFileSync(world.file.path, 'utf8')) as object;
  const plain = routes.map((route) => ({ ...route, websocket: false }));
  const upstreams = upstreamsWith(service.url, { timeout: '3s' });
  writeFileSync(world.file.path, stringify({ ...file, routes: plain, upstreams }));
  gateway.reload('the test');
  expect((await exchange(gateway.url, handshake('/open/x')))?.status).toBe(200);
  client.socket.send('still here');
  await until('the echo', () => client.received.length === 1);
});

test('a gateway that stops closes all WebSockets, so that clients come again', async () => {
  await using service = await SocketService.start();
  await using world = await startProxyWorld({ routes, upstreams: upstreamsWith(service.url) });
  const clients = await Promise.all(
    Array.from({ length: 5 }, () => SocketClient.open(world.bff.gateway.url, '/open/x')),
  );
  using deaf = await RawConnection.open(world.bff.gateway.url);
  expect((await deaf.send(handshake('/open/x')).answer())?.status).toBe(101);
  await world.bff.gateway.close();
  await until('all heard of it', () => clients.every(({ closeCode }) => closeCode !== undefined));
  expect(clients.map(({ closeCode }) => closeCode)).toEqual([1012, 1012, 1012, 1012, 1012]);
  await until('the services too', () => service.opened.every(({ isClosed }) => isClosed));
  expect(service.opened.map(({ closeCode }) => closeCode)).toEqual([1001, 1001, 1001, 1001, 1001, 1001]);
});

describe('a WebSocket of a browser that is signed in', () => {
  const own = [{ name: 'own', match: { path: '/own' }, ...chat }];
  const friend = 'https://friend.example';
  let service: SocketService;
  let world: SessionWorld;
  let ada: Visitor;
  beforeAll(async () => {
    service = await SocketService.start();
    const config = { routes: own, upstreams: upstreamsWith(service.url), cors: { origins: [friend] } };
    world = await startSessionWorld({ config });
  });
  beforeEach(async () => {
    service.opened.length = 0;
    ada = await world.signedIn();
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await service?.[Symbol.asyncDispose]();
  });
  const cookieOf = ({ session = '' }: Visitor) => `${cookieNames.session}=${session}`;
  const headersOf = (visitor: Visitor, origin = world.gateway.url) => ({ cookie: cookieOf(visitor), origin });

  test('is opened for pages of ours and of those that are let in by name', async () => {
    for (const origin of [world.gateway.url, friend]) {
      using client = await SocketClient.open(world.gateway.url, '/own', headersOf(ada, origin));
      client.socket.send('hi');
      await until('the echo', () => client.received.length === 1);
    }
    expect(service.last?.request.headers).toMatchObject({ 'x-user-id': '7' });
    expect(service.last?.request.headers.cookie).toBeUndefined();
  });

  test.each([
    ['no page', []],
    ['a page of another site', ['Origin: https://evil.example']],
    ['a page without an origin', ['Origin: null']],
    ['another page of the same site', ['Origin: http://bff.example', 'Sec-Fetch-Site: same-site']],
    ['a page elsewhere that has the header', ['Origin: https://evil.example', 'X-CSRF: 1']],
  ])('is refused to %s, and no service hears of it', async (_who, more) => {
    const answer = await exchange(
      world.gateway.url,
      handshake('/own', [`Cookie: ${cookieOf(ada)}`, ...more]),
    );
    expect(answer).toMatchObject({ status: 403, body: { type: 'urn:bff:cross_site_request' } });
    expect(service.opened).toHaveLength(0);
  });

  test('does not make the header against forgery needless for requests that are no WebSocket', async () => {
    const lines = [`Cookie: ${cookieOf(ada)}`, 'Origin: http://bff.example'];
    const answer = await exchange(world.gateway.url, handshake('/bff/user', lines));
    expect(answer).toMatchObject({ status: 403, body: { type: 'urn:bff:cross_site_request' } });
  });

  test('ends with the session', async () => {
    using client = await SocketClient.open(world.gateway.url, '/own', headersOf(ada));
    const other = await world.signedIn();
    using stays = await SocketClient.open(world.gateway.url, '/own', headersOf(other));
    await ada.post('/bff/logout');
    await until('it is closed', () => client.closeCode);
    expect(client.closeCode).toBe(4401);
    await until('the service hears of it', () => service.opened[0]?.isClosed);
    expect(service.opened[0]?.closeCode).toBe(1001);
    stays.socket.send('hi');
    await until('the echo', () => stays.received.length === 1);
    const gone = await exchange(
      world.gateway.url,
      handshake('/own', [`Cookie: ${headersOf(ada).cookie}`, 'Origin: http://bff.example']),
    );
    expect(gone?.status).toBe(401);
  });
});
