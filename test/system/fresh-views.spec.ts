import { setTimeout as sleep } from 'node:timers/promises';
import {
  brokerTestTimeoutMs,
  describeWithBroker,
  HandlerFake,
  type HttpClient,
  startRedis,
} from '@bff/testing';
import { webBff } from 'web-bff';
import { startBff } from '../world/bff.js';
import { wideLimits, writeGatewayConfig } from '../world/gateway-config.js';
import { meModule } from '../world/me-view.js';

const path = '/me';
const routes = [{ name: 'legacy', match: { path: '/legacy/**' }, upstream: 'legacy' }];

/** Gateways with one user service behind them, whose answers may not be kept. */
async function open(freshFor: `${number}s`, redisUrl?: string) {
  await using opened = new AsyncDisposableStack();
  const user = { id: '7', name: 'Ada', email: 'ada@example.com' };
  const users = opened.use(
    await HandlerFake.start((_request, response) => {
      world.loaded += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(user));
    }),
  );
  const legacy = opened.use(
    await HandlerFake.start((_request, response) => void response.writeHead(500).end('failed')),
  );
  const urls = { users: users.url, orders: '${ORDERS_URL}', catalog: '${CATALOG_URL}', legacy: legacy.url };
  const upstreams = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url }]));
  const file = opened.use(writeGatewayConfig('web-bff', { ...wideLimits, upstreams, routes }));
  const environment = {
    GATEWAY_CONFIG: file.path,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  };
  const definition = { ...webBff, module: meModule({ freshFor }) };
  const one = opened.use(await startBff(definition, environment));
  const other = opened.use(await startBff(definition, environment));
  const all = opened.move();
  const world = { loaded: 0, user, one, other, [Symbol.asyncDispose]: () => all.disposeAsync() };
  return world;
}

const tagOf = async (client: HttpClient): Promise<string> => String((await client.get(path)).headers['etag']);
const ask = (client: HttpClient, tag: string) => client.get(path, { headers: { 'if-none-match': tag } });

test('what a caller has is fresh for as long as its view says, and no longer', async () => {
  await using world = await open('1s');
  const { ada } = world.one;
  const startedMs = Date.now();
  const tag = await tagOf(ada);
  const loadedMs = Date.now();
  while (Date.now() < startedMs + 700) {
    expect((await ask(ada, tag)).status).toBe(304);
    await sleep(100);
  }
  expect(world.loaded).toBe(1);
  await sleep(loadedMs + 1_000 - Date.now());
  expect((await ask(ada, tag)).status).toBe(304);
  expect(world.loaded).toBe(2);
});

test('what has changed meanwhile is told when the time is over', async () => {
  await using world = await open('1s');
  const { ada } = world.one;
  const tag = await tagOf(ada);
  world.user.name = 'Ada King';
  expect((await ask(ada, tag)).status).toBe(304);
  await sleep(1_000);
  expect(await ask(ada, tag)).toMatchObject({ status: 200, body: { user: { name: 'Ada King' } } });
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
  'a %s that is handed on along a route ends it too, even where the service says that it failed',
  async (method) => {
    await using world = await open('60s');
    const { ada } = world.one;
    const tag = await tagOf(ada);
    expect((await ada.call(method, '/legacy/change')).status).toBe(500);
    await ask(ada, tag);
    expect(world.loaded).toBe(2);
    await ask(ada, tag);
    expect(world.loaded).toBe(2);
  },
);

test('a read along a route, and a change by somebody else, end nothing', async () => {
  await using world = await open('60s');
  const { ada } = world.one;
  const tag = await tagOf(ada);
  await ada.get('/legacy/page');
  const charles = await world.one.with({ subject: '8' });
  await charles.post('/legacy/change', {});
  expect((await ask(ada, tag)).status).toBe(304);
  expect(world.loaded).toBe(1);
});

describeWithBroker('redis', () => {
  test(
    'what one replica has loaded is fresh for all, and what is changed through one of them is for none',
    async () => {
      await using redis = await startRedis();
      await using world = await open('60s', redis.url);
      const tag = await tagOf(world.one.ada);
      expect((await ask(world.other.ada, tag)).status).toBe(304);
      expect(world.loaded).toBe(1);
      await world.other.ada.post('/legacy/change', {});
      await ask(world.one.ada, tag);
      expect(world.loaded).toBe(2);
      expect((await ask(world.other.ada, tag)).status).toBe(304);
      expect(world.loaded).toBe(2);
    },
    brokerTestTimeoutMs,
  );

  test(
    'a store that says nothing costs little time: everything is loaded, and right; with it back all is as before',
    async () => {
      await using redis = await startRedis();
      await using world = await open('60s', redis.url);
      const { ada } = world.one;
      const tag = await tagOf(ada);
      redis.freeze();
      const startedMs = performance.now();
      world.user.name = 'Ada King';
      expect(await ask(ada, tag)).toMatchObject({ status: 200, body: { user: { name: 'Ada King' } } });
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      redis.thaw();
      const changed = await tagOf(ada);
      await expectUnchanged(ada, changed);
    },
    brokerTestTimeoutMs,
  );
});

/** Soon: the gateway finds out that its store is back. */
async function expectUnchanged(client: HttpClient, tag: string): Promise<void> {
  const endMs = performance.now() + 10_000;
  for (;;) {
    const answer = await ask(client, tag);
    expect(answer.status).toBe(304);
    if (answer.headers['age'] !== undefined) return;
    if (performance.now() > endMs) throw new Error('never fresh again');
    await sleep(50);
  }
}
