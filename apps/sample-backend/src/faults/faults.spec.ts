import { connect } from 'node:net';

import { status } from '@grpc/grpc-js';

import { startGatewayFixture } from '../gateway-only/gateway.fixture.js';
import { OrdersCaller } from '../orders/orders-caller.fixture.js';
import { startSampleBackend as startBackend, type SampleBackend } from '../sample-backend.js';
import { lastingServices } from '../service.js';

let gateway: Awaited<ReturnType<typeof startGatewayFixture>>;
beforeAll(async () => {
  gateway = await startGatewayFixture();
});
afterAll(() => gateway.close());

const startSampleBackend = () => startBackend({ gatewayJwksUrls: [gateway.jwksUrl] });

const callOrders = ({ ports }: SampleBackend) =>
  new OrdersCaller(ports.orders, (userId) => gateway.sign({ audience: 'orders', userId }));

function control(backend: SampleBackend, method: string, body?: unknown, query = ''): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${backend.urls.faults}/faults${query}`, {
    method,
    ...(body === undefined ? {} : { body: text }),
  });
}

/** The error code of a fresh TCP connection, or `connected`. */
function tryConnect(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once('connect', () => socket.destroy());
  });
}

function health(backend: SampleBackend, service: 'users' | 'catalog' | 'identity'): Promise<Response> {
  return fetch(`http://127.0.0.1:${backend.ports[service]}/health`);
}

test.each(lastingServices)('%s goes down as if killed and comes back on its port', async (service) => {
  await using backend = await startSampleBackend();
  const port = backend.ports[service];

  expect((await control(backend, 'POST', { service, down: true })).status).toBe(200);
  expect(await tryConnect(port)).toBe('ECONNREFUSED');
  expect((await control(backend, 'DELETE')).status).toBe(200);
  expect(await tryConnect(port)).toBe('connected');
});

test('an open connection dies when its service goes down', async () => {
  await using backend = await startSampleBackend();
  const socket = connect(backend.ports.users, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await backend.faults.set('users', { down: true });
  await closed;
});

test('gRPC calls fail as unavailable while orders is down, on old and new connections, and work again', async () => {
  await using backend = await startSampleBackend();
  using old = callOrders(backend);
  await old.get('7', '42');

  await backend.faults.set('orders', { down: true });
  await expect(old.get('7', '42')).rejects.toMatchObject({ code: status.UNAVAILABLE });
  using during = callOrders(backend);
  await expect(during.get('7', '42')).rejects.toMatchObject({ code: status.UNAVAILABLE });

  await backend.faults.clear('orders');
  using after = callOrders(backend);
  expect(await after.get('7', '42')).toMatchObject({ id: '42' });
});

test('down and up many times at once ends as the last one said', async () => {
  await using backend = await startSampleBackend();
  await Promise.all([true, false, true, false, true].map((down) => backend.faults.set('users', { down })));
  expect(await tryConnect(backend.ports.users)).toBe('ECONNREFUSED');
  await Promise.all([false, true, false].map((down) => backend.faults.set('users', { down })));
  expect((await health(backend, 'users')).status).toBe(200);
});

test.each(['users', 'catalog', 'identity'] as const)(
  '%s answers with the status it is told',
  async (service) => {
    await using backend = await startSampleBackend();
    await control(backend, 'POST', { service, status: 503 });
    expect((await health(backend, service)).status).toBe(503);
    await control(backend, 'DELETE', undefined, `?service=${service}`);
    expect((await health(backend, service)).status).toBe(200);
  },
);

test.each([
  [503, status.UNAVAILABLE],
  [504, status.DEADLINE_EXCEEDED],
  [429, status.RESOURCE_EXHAUSTED],
  [404, status.NOT_FOUND],
  [400, status.INVALID_ARGUMENT],
  [401, status.UNAUTHENTICATED],
  [403, status.PERMISSION_DENIED],
  [500, status.INTERNAL],
])('HTTP status %d is gRPC code %d', async (http, grpc) => {
  await using backend = await startSampleBackend();
  using orders = callOrders(backend);
  await backend.faults.set('orders', { status: http });
  await expect(orders.get('7', '42')).rejects.toMatchObject({ code: grpc });
});

test('a delay holds an HTTP answer back', async () => {
  await using backend = await startSampleBackend();
  await backend.faults.set('users', { delayMs: 40 });
  const startedMs = performance.now();
  expect((await health(backend, 'users')).status).toBe(200);
  expect(performance.now() - startedMs).toBeGreaterThan(38);
});

test('a long delay outlasts a caller that hangs up, over HTTP and over gRPC', async () => {
  await using backend = await startSampleBackend();
  using orders = callOrders(backend);
  await orders.get('7', '42');
  await backend.faults.set('users', { delayMs: 600_000 });
  await backend.faults.set('orders', { delayMs: 600_000 });

  const hangUp = { signal: AbortSignal.timeout(40) };
  await expect(fetch(`${backend.urls.users}/health`, hangUp)).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(orders.get('7', '42', 40)).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
});

test('faults of one service add up, a later one overrides only what it names', async () => {
  await using backend = await startSampleBackend();
  await control(backend, 'POST', { service: 'users', delayMs: 5, status: 500 });
  const answer = await control(backend, 'POST', { service: 'users', status: 418 });
  expect(await answer.json()).toEqual({
    faults: { users: { delayMs: 5, status: 418 }, orders: {}, catalog: {}, identity: {} },
  });
  expect((await health(backend, 'users')).status).toBe(418);
  expect(await (await control(backend, 'GET')).json()).toMatchObject({ faults: { users: { status: 418 } } });
});

test.each([
  ['an unknown service', { service: 'payments', down: true }],
  ['an unknown field', { service: 'users', latency: 5 }],
  ['no fault', { service: 'users' }],
  ['a delay as text', { service: 'users', delayMs: '5' }],
  ['a negative delay', { service: 'users', delayMs: -1 }],
  ['a status out of range', { service: 'users', status: 99 }],
  ['down as a number', { service: 'users', down: 1 }],
  ['a list', []],
  ['malformed JSON', '{"service":'],
])('%s is refused, with what is allowed, and changes nothing', async (_, body) => {
  await using backend = await startSampleBackend();
  const answer = await control(backend, 'POST', body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: 'invalid', allowed: { service: [...lastingServices] } });
  expect(await (await control(backend, 'GET')).json()).toMatchObject({ faults: { users: {} } });
});

test('clearing an unknown service is refused', async () => {
  await using backend = await startSampleBackend();
  expect((await control(backend, 'DELETE', undefined, '?service=payments')).status).toBe(400);
});

test('two backends in one process share neither faults nor orders', async () => {
  await using one = await startSampleBackend();
  await using two = await startSampleBackend();
  await one.faults.set('users', { down: true });
  expect((await health(two, 'users')).status).toBe(200);

  using ordersOfOne = callOrders(one);
  using ordersOfTwo = callOrders(two);
  await ordersOfOne.place('7', [{ sku: 'BK-1843', quantity: 1 }]);
  expect((await ordersOfTwo.list({ userId: '7', limit: 1 })).orders[0]?.id).toBe('45');
});
