import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@bff/testing';
import { type Bff, startWebBff } from '../world/bff.js';
import { wideLimits, writeGatewayConfig } from '../world/gateway-config.js';
import { p99 } from '../world/load.js';

interface Seen {
  readonly status: number;
  readonly tookMs: number;
  readonly incomplete: string | undefined;
}

/** Callers who ask for `path` again and again until `stop`, and what they got. */
function startLoad(bff: Bff, path: string, callers: number) {
  const seen: Seen[] = [];
  let isOver = false;
  const caller = async (): Promise<void> => {
    while (!isOver) {
      const startedMs = performance.now();
      const { status, headers } = await bff.ada.get(path);
      seen.push({
        status,
        tookMs: performance.now() - startedMs,
        incomplete: headers['x-incomplete'] as string | undefined,
      });
      await sleep(10);
    }
  };
  const all = Promise.all(Array.from({ length: callers }, caller));
  return {
    seen,
    stop: async (): Promise<readonly Seen[]> => {
      isOver = true;
      await all;
      return seen;
    },
  };
}

/** All callers here are Ada: what they ask for at the same time is told apart where that matters. */
const upstreamsWith = (orders: object): object => ({
  users: { url: '${USERS_URL}', timeout: '1500ms' },
  orders: { url: '${ORDERS_URL}', timeout: '1500ms', coalesce: false, ...orders },
  catalog: { url: '${CATALOG_URL}', timeout: '1500ms' },
});

interface State {
  readonly name: string;
  readonly circuit: string;
  readonly calls: { readonly attempts: number; readonly all: number };
}

const stateOf = async (bff: Bff, name: string): Promise<State | undefined> => {
  const { body } = await bff.management.get('/upstreams');
  return (body as readonly State[]).find((upstream) => upstream.name === name);
};

test('a service goes dark under load: screens go on without it, it is left alone, others do not notice; it comes back, and so does everything', async () => {
  using config = writeGatewayConfig('web-bff', { ...wideLimits, upstreams: upstreamsWith({}) });
  await using bff = await startWebBff({ GATEWAY_CONFIG: config.path });
  const dashboards = startLoad(bff, '/api/dashboard', 10);
  const products = startLoad(bff, '/api/products', 5);
  await until('traffic flows', () => dashboards.seen.length > 50);
  expect(dashboards.seen.every(({ status, incomplete }) => status === 200 && incomplete === undefined)).toBe(
    true,
  );

  await bff.orders.fails({ as: 'hanging' });
  await until('the circuit is open', async () => (await stateOf(bff, 'orders'))?.circuit === 'open', 15_000);
  const [dark, darkProducts] = [dashboards.seen.length, products.seen.length];
  const usualMs = p99(products.seen.slice(0, darkProducts));
  const before = await stateOf(bff, 'orders');
  await until('there was traffic in the dark', () => dashboards.seen.length > dark + 200, 15_000);
  const during = await stateOf(bff, 'orders');
  const attempts = (during?.calls.attempts ?? 0) - (before?.calls.attempts ?? 0);
  expect(attempts).toBeLessThanOrEqual(20);
  const inTheDark = dashboards.seen.slice(dark + 20);
  expect(
    inTheDark.every(({ status, incomplete }) => status === 200 && incomplete?.split(', ').includes('orders')),
  ).toBe(true);
  expect(p99(products.seen.slice(darkProducts))).toBeLessThan(Math.max(250, usualMs * 2));
  expect(products.seen.every(({ status }) => status === 200)).toBe(true);

  await bff.orders.recovers();
  const isWhole = () => dashboards.seen.slice(-20).every(({ incomplete }) => incomplete === undefined);
  await until('the dashboards are whole again', isWhole, 10_000);
  expect((await stateOf(bff, 'orders'))?.circuit).toBe('closed');
  for (const { status } of await dashboards.stop()) expect(status).toBe(200);
  await products.stop();
}, 60_000);

test('a required service that fails is told as 503 with the time to come back, once its circuit is open', async () => {
  await using bff = await startWebBff();
  await bff.users.fails({ as: 'status', status: 500 });
  for (let call = 0; call < 20; call += 1) expect((await bff.ada.get('/api/dashboard')).status).toBe(502);
  const calls = bff.users.calls.length;
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer).toMatchObject({ status: 503, body: { type: 'urn:bff:upstream_circuit_open' } });
  const retryAfter = Number(answer.headers['retry-after']);
  expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(retryAfter).toBeLessThanOrEqual(5);
  expect(bff.users.calls).toHaveLength(calls);
});

test('a drowning service sheds what is beyond its bulkhead at once, and takes nothing from the others', async () => {
  const bulkhead = { concurrent: 4, queue: 2, wait: '50ms' };
  using config = writeGatewayConfig('web-bff', { ...wideLimits, upstreams: upstreamsWith({ bulkhead }) });
  await using bff = await startWebBff({ GATEWAY_CONFIG: config.path });
  await bff.orders.fails({ as: 'hanging' });
  const orders = Array.from({ length: 40 }, () => bff.ada.get('/api/orders'));
  await until('the bulkhead is full', () => bff.orders.calls.length === 4);
  const shed = (await Promise.all(orders)).filter(({ status }) => status === 503);
  expect(shed).toHaveLength(36);
  expect(shed[0]).toMatchObject({ body: { type: 'urn:bff:upstream_overloaded' } });
  const waits = new Set(shed.map(({ headers }) => headers['retry-after']));
  expect(waits).toEqual(new Set(['1', '2', '3']));
  expect(bff.orders.calls).toHaveLength(4);
  expect((await bff.ada.get('/api/products')).status).toBe(200);
});

test('metrics tell requests by status, hang-ups as 499, and every upstream', async () => {
  await using bff = await startWebBff();
  await bff.ada.get('/api/dashboard');
  await bff.users.fails({ as: 'hanging' });
  const leaving = new AbortController();
  const left = bff.ada.get('/api/dashboard', { signal: leaving.signal }).catch(() => 'left');
  await until('the call is under way', () => bff.users.calls.length === 2);
  leaving.abort();
  expect(await left).toBe('left');
  const text = async (): Promise<string> => (await bff.management.get('/metrics')).text;
  await until('the hang-up is counted', async () =>
    (await text()).includes('bff_requests_total{status="499"} 1'),
  );
  const metrics = await text();
  for (const line of [
    'bff_requests_total{status="200"} 1',
    'bff_upstream_calls_total{upstream="users",outcome="ok"} 1',
    'bff_upstream_calls_total{upstream="users",outcome="caller_gone"} 1',
    'bff_upstream_calls_total{upstream="users",outcome="timeout"} 0',
    'bff_upstream_circuit{upstream="users",state="closed"} 1',
    'bff_upstream_targets{upstream="orders",state="ok"} 1',
  ])
    expect(metrics).toContain(line);
});
