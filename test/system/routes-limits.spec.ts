import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Answer, describeWithBroker, startRedis } from '@bff/testing';
import { type InnerList, type Item, parseList } from 'structured-headers';
import { parse } from 'yaml';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { exchange, requestText } from '../world/raw-http.js';

const script = fileURLToPath(new URL('../../scripts/api-key.mjs', import.meta.url));

function createKey(name: string, plan?: string): { key: string; entry: object } {
  const { stdout, stderr } = spawnSync(process.execPath, [script, name, '--scope', 'catalog:read'], {
    encoding: 'utf8',
  });
  const [, text = ''] = /\n\n([^]+?)\n\n/.exec(stderr) ?? [];
  const [entry] = parse(text) as object[];
  return { key: stdout.trim(), entry: { ...entry, ...(plan === undefined ? {} : { plan }) } };
}

const [plain, gold] = [createKey('plain'), createKey('gold', 'gold')];

const limited = (name: string, limits: object, access: object | undefined = { public: true }) => ({
  name,
  match: { path: `/${name}/**` },
  upstream: 'legacy',
  access,
  limits,
});
const routes = [
  { name: 'by-caller', match: { path: '/by-caller' }, upstream: 'legacy', limits: { requests: 3 } },
  limited('by-address', { per: 'address', requests: 3, window: '30s' }),
  limited('strangers', { requests: 2 }),
  limited('costly', { per: 'address', requests: 12, cost: 5 }),
  limited('roomy', { per: 'address', requests: 1_000 }),
  {
    name: 'by-key',
    match: { path: '/by-key' },
    upstream: 'legacy',
    limits: { per: 'api-key', requests: 1, plans: { gold: { requests: 4 } } },
  },
];
const socket = {
  name: 'socket',
  match: { path: '/socket' },
  upstream: 'legacy',
  websocket: true,
  access: { public: true },
  limits: { requests: 1 },
};
const auth = { methods: ['bearer', 'api-key'], apiKeys: [plain.entry, gold.entry] };

let world: ProxyWorld;
beforeEach(
  async () =>
    void (world = await startProxyWorld({ routes: [...routes, socket], auth }, { TRUST_PROXY: '1' })),
);
afterEach(() => world[Symbol.asyncDispose]());

const times = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));
const statuses = (answers: readonly Answer[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);
const from = (address: string, path: string): Promise<Answer> =>
  world.bff.anonymous.get(path, { headers: { 'x-forwarded-for': address } });

/** What a structured field says of the limit of a route; undefined: nothing. */
function readItem(header: unknown, name: string): Record<string, unknown> | undefined {
  const items = parseList(String(header)) as (Item | InnerList)[];
  const found = items.find(([item]) => item === name);
  return found && Object.fromEntries(found[1]);
}

test('a route lets exactly as many calls of one caller pass as it says, and no service hears of the others', async () => {
  expect(statuses(await times(6, () => world.bff.ada.get('/by-caller')))).toEqual([
    200, 200, 200, 429, 429, 429,
  ]);
  expect(world.seen).toHaveLength(3);
  await using charles = await world.bff.with({ subject: '8' });
  expect((await charles.get('/by-caller')).status).toBe(200);
});

test('what is enforced is told under the name of the route, and Retry-After is not before it is whole again', async () => {
  const [first] = await times(1, () => from('192.0.2.1', '/by-address/a'));
  expect(readItem(first?.headers['ratelimit-policy'], 'route-by-address')).toEqual({ q: 3, w: 30 });
  expect(readItem(first?.headers['ratelimit'], 'route-by-address')).toEqual({ r: 2, t: 30 });
  await times(2, () => from('192.0.2.1', '/by-address/b'));
  const refused = await from('192.0.2.1', '/by-address/c');
  expect(refused).toMatchObject({ status: 429, body: { type: 'urn:bff:rate_limited' } });
  const told = readItem(refused.headers['ratelimit'], 'route-by-address');
  expect(told).toMatchObject({ r: 0 });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(Number(told?.['t']));
});

test('addresses do not count for each other, but for those of one IPv6 network', async () => {
  await times(3, () => from('192.0.2.1', '/by-address/a'));
  expect((await from('192.0.2.2', '/by-address/a')).status).toBe(200);
  await times(3, (index) => from(`2001:db8::${index}`, '/by-address/a'));
  expect((await from('2001:db8::ffff', '/by-address/a')).status).toBe(429);
  expect((await from('2001:db8:0:1::1', '/by-address/a')).status).toBe(200);
});

test('strangers on a limit per caller go by their address', async () => {
  expect(statuses(await times(3, () => from('192.0.2.1', '/strangers/a')))).toEqual([200, 200, 429]);
  expect((await from('192.0.2.2', '/strangers/a')).status).toBe(200);
});

test('a costly request weighs more: what is told is left is what is left', async () => {
  const answers = [];
  for (let call = 0; call < 3; call += 1) answers.push(await from('192.0.2.1', '/costly/a'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  const left = answers.map(({ headers }) => readItem(headers['ratelimit'], 'route-costly')?.['r']);
  expect(left).toEqual([7, 2, 0]);
});

test('each route counts for itself, and beside the limits of the gateway', async () => {
  await times(3, () => from('192.0.2.1', '/by-address/a'));
  const answer = await from('192.0.2.1', '/roomy/a');
  expect(answer.status).toBe(200);
  expect(readItem(answer.headers['ratelimit'], 'route-roomy')).toMatchObject({ r: 999 });
  expect(readItem(answer.headers['ratelimit'], 'route-by-address')).toBeUndefined();
  expect(readItem(answer.headers['ratelimit'], 'address')).toBeDefined();
});

test('an API key gets what its plan says, and whoever comes without one is not counted', async () => {
  const ask = (key: string) => world.bff.anonymous.get('/by-key', { headers: { 'x-api-key': key } });
  expect(statuses(await times(2, () => ask(plain.key)))).toEqual([200, 429]);
  expect(statuses(await times(5, () => ask(gold.key)))).toEqual([200, 200, 200, 200, 429]);
  expect(readItem((await ask(gold.key)).headers['ratelimit-policy'], 'route-by-key')).toEqual({
    q: 4,
    w: 60,
  });
  const bearers = await times(6, () => world.bff.ada.get('/by-key'));
  expect(new Set(bearers.map(({ status }) => status))).toEqual(new Set([200]));
});

test('a handshake of a WebSocket counts as any request does', async () => {
  const lines = [
    'Host: bff.example',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const ask = () => exchange(world.bff.gateway.url, requestText('GET /socket HTTP/1.1', lines));
  // The old system knows of no WebSockets.
  expect([(await ask())?.status, (await ask())?.status]).toEqual([200, 429]);
});

describeWithBroker('redis', () => {
  test('two gateways on one Redis let together pass what a route says', async () => {
    await using redis = await startRedis();
    const environment = { REDIS_URL: redis.url };
    const some = [limited('together', { per: 'address', requests: 20, cost: 2 })];
    await using one = await startProxyWorld({ routes: some }, environment);
    await using other = await startProxyWorld({ routes: some }, environment);
    const answers: Answer[] = [];
    for (let turn = 0; turn < 8; turn += 1)
      for (const { bff } of [one, other]) answers.push(await bff.anonymous.get('/together/a'));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(one.seen.length + other.seen.length).toBe(10);
  });
});
