import { readFileSync, writeFileSync } from 'node:fs';
import { HttpFake, until } from '@bff/testing';
import { parse, stringify } from 'yaml';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { SocketClient } from '../world/socket-client.js';
import { SocketService } from '../world/socket-service.js';

const open = { public: true };

const routesWith = (split: object[]) => [
  { name: 'shop', match: { path: '/shop/**' }, split, access: open },
  { name: 'mine', match: { path: '/mine/**' }, split: [part('old', 1), part('new', 1)] },
  {
    name: 'variants',
    match: { path: '/variants/**' },
    split: [part('old', 1), part('new', 0)],
    splitHeader: { name: 'X-Variant', values: { beta: 'new' } },
    access: open,
  },
  {
    name: 'mirrored',
    match: { path: '/mirrored/**' },
    upstream: 'old',
    rewrite: '/v2/**',
    mirror: { upstream: 'shadow' },
    access: open,
  },
  {
    name: 'mirrored-mine',
    match: { path: '/mirrored-mine' },
    upstream: 'old',
    mirror: { upstream: 'shadow' },
  },
];
const part = (upstream: string, weight: number) => ({ upstream, weight });

interface TrafficWorld extends AsyncDisposable {
  readonly proxy: ProxyWorld;
  readonly shadow: HttpFake;
  /** Which of two services answers whoever has that address. */
  ask(address: string, path?: string, headers?: Record<string, string>): Promise<string>;
}

async function start(): Promise<TrafficWorld> {
  await using opened = new AsyncDisposableStack();
  const [old, fresh, shadow] = await Promise.all(
    ['old', 'new', 'shadow'].map((name) => HttpFake.start(() => ({ name }))),
  );
  for (const fake of [old, fresh, shadow]) opened.use(fake!);
  const bulkhead = { concurrent: 2, queue: 1, wait: '50ms' };
  const upstreams = {
    old: { url: old!.url },
    new: { url: fresh!.url },
    shadow: { url: `${shadow!.url}/base`, bulkhead, timeout: '20s' },
  };
  const routes = routesWith([part('old', 1), part('new', 1)]);
  const proxy = opened.use(
    await startProxyWorld({ routes, deadline: '30s' }, { TRUST_PROXY: '1' }, upstreams),
  );
  const all = opened.move();
  return {
    proxy,
    shadow: shadow!,
    ask: async (address, path = '/shop/a', headers = {}) => {
      const answer = await proxy.bff.anonymous.get(path, {
        headers: { 'x-forwarded-for': address, ...headers },
      });
      return (answer.body as { name: string }).name;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

let world: TrafficWorld;
beforeEach(async () => void (world = await start()));
afterEach(() => world[Symbol.asyncDispose]());

const addresses = Array.from({ length: 60 }, (_, index) => `192.0.2.${index}`);
const askAll = (): Promise<string[]> => Promise.all(addresses.map((address) => world.ask(address)));

function setSplit(...split: object[]): void {
  const { file, bff } = world.proxy;
  const before = parse(readFileSync(file.path, 'utf8')) as object;
  writeFileSync(file.path, stringify({ ...before, routes: routesWith(split) }));
  bff.gateway.reload('test');
}

interface UpstreamLine {
  readonly name: string;
  readonly inFlight: number;
  readonly calls: { readonly ok: number; readonly failed: Readonly<Record<string, number>> };
}

const upstreamLine = async (name: string): Promise<UpstreamLine> => {
  const { body } = await world.proxy.bff.management.get('/upstreams');
  return (body as UpstreamLine[]).find((line) => line.name === name)!;
};

test('two services share the callers of a route, and each caller stays with one', async () => {
  const first = await askAll();
  expect(new Set(first)).toEqual(new Set(['old', 'new']));
  expect(await askAll()).toEqual(first);
});

test('another gateway, started later, sends everybody to the same service', async () => {
  const here = await askAll();
  await world[Symbol.asyncDispose]();
  world = await start();
  expect(await askAll()).toEqual(here);
});

test('a signed-in caller is known by his name, from wherever he comes', async () => {
  const seen = await Promise.all(
    addresses.slice(0, 10).map(async (address) => {
      const answer = await world.proxy.bff.ada.get('/mine/a', { headers: { 'x-forwarded-for': address } });
      return (answer.body as { name: string }).name;
    }),
  );
  expect(new Set(seen).size).toBe(1);
});

test('weights that are edited move callers only to what has got heavier, without a restart', async () => {
  const before = await askAll();
  setSplit(part('old', 1), part('new', 3));
  const after = await askAll();
  const moved = after.filter((name, index) => name !== before[index]);
  expect(moved.length).toBeGreaterThan(0);
  expect(new Set(moved)).toEqual(new Set(['new']));
  setSplit(part('old', 1), part('new', 0));
  expect(new Set(await askAll())).toEqual(new Set(['old']));
});

test('a header decides before the weights do, if it says what is known', async () => {
  const asked = (value?: string) =>
    world.ask('192.0.2.1', '/variants/a', value === undefined ? {} : { 'x-variant': value });
  expect(await asked('beta')).toBe('new');
  expect([await asked('gamma'), await asked()]).toEqual(['old', 'old']);
});

test('a split and a mirror are shown in the table', async () => {
  const lines = (await world.proxy.bff.management.get('/routes')).body as { name?: string }[];
  expect(lines.find(({ name }) => name === 'shop')).toMatchObject({
    split: [part('old', 1), part('new', 1)],
  });
  expect(lines.find(({ name }) => name === 'mirrored')).toMatchObject({
    upstream: 'old',
    mirror: { upstream: 'shadow', share: 1 },
  });
});

test('what is read is sent to the shadow too, marked, to the same place below its own prefix', async () => {
  expect(await world.ask('192.0.2.1', '/mirrored/a%20b?c=d', { 'x-mirrored': 'forged' })).toBe('old');
  await until('the shadow has heard', () => world.shadow.calls.length === 1);
  const [call] = world.shadow.calls;
  expect(call).toMatchObject({ what: '/base/v2/a%20b?c=d', headers: { 'x-mirrored': '1' } });
  await until('it is counted', async () => (await upstreamLine('shadow')).calls.ok === 1);
});

test('the shadow is told who is calling, as every service is', async () => {
  await world.proxy.bff.ada.get('/mirrored-mine');
  await until('the shadow has heard', () => world.shadow.calls.length === 1);
  const headers = world.shadow.calls[0]?.headers ?? {};
  expect(headers['x-user-id']).toBe('7');
  expect(headers).not.toHaveProperty('authorization');
});

test('what changes something goes to one service only, and so does what has a body', async () => {
  const { anonymous } = world.proxy.bff;
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'] as const)
    expect((await anonymous.call(method, '/mirrored/a')).status).toBe(200);
  expect((await anonymous.call('GET', '/mirrored/a', { body: { some: 'thing' } })).status).toBe(200);
  await world.ask('192.0.2.1', '/mirrored/last');
  await until('the shadow has heard', () => world.shadow.calls.length > 0);
  expect(world.shadow.calls.map(({ what }) => what)).toEqual(['/base/v2/last']);
});

test.each(['unreachable', 'hanging'] as const)('nobody notices that the shadow is %s', async (as) => {
  await world.shadow.fails({ as });
  const answers = await Promise.all(addresses.map((address) => world.ask(address, '/mirrored/a')));
  expect(new Set(answers)).toEqual(new Set(['old']));
  await until('failures are counted where they were', async () => {
    const { failed } = (await upstreamLine('shadow')).calls;
    return Object.values(failed).some((count) => count > 0);
  });
  // What hangs would be waited for at the end.
  await world.shadow[Symbol.asyncDispose]();
});

test('a shadow that is slower than its copies come is asked no more than its bulkhead lets', async () => {
  await world.shadow.fails({ as: 'hanging' });
  for (const address of addresses) await world.ask(address, '/mirrored/a');
  await until('it has heard of some', () => world.shadow.calls.length > 0);
  expect(world.shadow.calls.length).toBeLessThanOrEqual(2);
  expect((await upstreamLine('shadow')).inFlight).toBeLessThanOrEqual(2);
  await world.shadow[Symbol.asyncDispose]();
});

test('a WebSocket goes to the service that its caller’s requests go to', async () => {
  await using service = await SocketService.start();
  const split = {
    name: 'chat',
    match: { path: '/chat' },
    split: [part('legacy', 1), part('chat', 0)],
    splitHeader: { name: 'x-variant', values: { beta: 'chat' } },
    websocket: true,
    access: open,
  };
  await using chats = await startProxyWorld({ routes: [split] }, {}, { chat: { url: service.url } });
  using client = await SocketClient.open(chats.bff.gateway.url, '/chat', { 'x-variant': 'beta' });
  client.socket.send('hello');
  await until('it comes back', () => client.received[0] === 'hello');
  expect(chats.seen).toHaveLength(0);
});
