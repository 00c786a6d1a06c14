import { until } from '@bff/testing';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { exchange, RawConnection } from '../world/raw-http.js';
import { SocketClient } from '../world/socket-client.js';
import { handshake, routes, upstreamsWith } from '../world/socket-routes.js';
import { SocketService, toFrame } from '../world/socket-service.js';

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
