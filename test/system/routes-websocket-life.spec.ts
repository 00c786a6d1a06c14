import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificates, until } from '@bff/testing';
import { parse, stringify } from 'yaml';
import { startProxyWorld } from '../world/proxy-world.js';
import { exchange, RawConnection } from '../world/raw-http.js';
import { SocketClient } from '../world/socket-client.js';
import { handshake, open, routes, upstreamsWith } from '../world/socket-routes.js';
import { SocketService } from '../world/socket-service.js';

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
