import type { Answer } from '@bff/testing';
import { type InnerList, type Item, parseList } from 'structured-headers';
import { type Bff, startWebBff } from '../world/bff.js';
import { type ConfigFile, writeGatewayConfig } from '../world/gateway-config.js';
import { countCalls } from '../world/services.js';

let config: ConfigFile;
let bff: Bff;
beforeEach(async () => {
  const limits = { address: { requests: 20, window: '60s' }, caller: { requests: 5, window: '30s' } };
  config = writeGatewayConfig('web-bff', { limits });
  bff = await startWebBff({ GATEWAY_CONFIG: config.path });
});
afterEach(async () => {
  await bff[Symbol.asyncDispose]();
  config[Symbol.dispose]();
});

const times = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));
const statuses = (answers: readonly Answer[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);
const upstreamCalls = () => countCalls(bff);

/** The items of a structured field, their names and parameters. */
function readItems(header: unknown): Record<string, Record<string, unknown>> {
  const items = parseList(String(header)).map(
    ([name, parameters]: Item | InnerList) => [name, Object.fromEntries(parameters)] as const,
  );
  for (const [name] of items) expect(typeof name).toBe('string');
  return Object.fromEntries(items) as Record<string, Record<string, unknown>>;
}

test('exactly as many calls of one caller pass as its limit says, at once or one by one', async () => {
  const answers = await times(9, (call) => bff.ada.get(`/api/orders?cursor=${call}`));
  expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 429, 429, 429, 429]);
  expect(bff.orders.calls).toHaveLength(5);
});

test('all routes count together', async () => {
  for (const path of ['/api/orders', '/api/products', '/api/orders/42', '/api/dashboard', '/api/orders/nope'])
    expect((await bff.ada.get(path)).status).toBeLessThan(429);
  expect((await bff.ada.get('/api/products/BK-1843')).status).toBe(429);
});

test('a call too many is a problem that says when to come again', async () => {
  await times(5, () => bff.ada.get('/api/orders'));
  const answer = await bff.ada.get('/api/orders');
  expect(answer).toMatchObject({ status: 429, headers: { 'content-type': 'application/problem+json' } });
  expect(answer.body).toMatchObject({
    type: 'urn:bff:rate_limited',
    status: 429,
    requestId: answer.headers['x-request-id'],
  });
  const { caller } = readItems(answer.headers['ratelimit']);
  expect(caller).toMatchObject({ r: 0 });
  expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(Number(caller?.['t']));
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(30);
});

test('the limits are told as structured fields, with what is left of each', async () => {
  const first = await bff.ada.get('/api/orders');
  expect(readItems(first.headers['ratelimit-policy'])).toEqual({
    address: { q: 20, w: 60 },
    caller: { q: 5, w: 30 },
  });
  expect(readItems(first.headers['ratelimit'])).toEqual({
    address: { r: 19, t: 60 },
    caller: { r: 4, t: 30 },
  });
  const second = await bff.ada.get('/api/orders');
  expect(readItems(second.headers['ratelimit'])).toMatchObject({ address: { r: 18 }, caller: { r: 3 } });
});

test('two callers do not count for each other', async () => {
  const charles = await bff.with({ subject: '8' });
  await times(7, () => bff.ada.get('/api/orders'));
  expect(statuses(await times(6, () => charles.get('/api/orders')))).toEqual([200, 200, 200, 200, 200, 429]);
});

test('several tokens of one caller count together', async () => {
  const again = await bff.with({ subject: '7', scope: 'orders:read' });
  await times(5, () => bff.ada.get('/api/orders'));
  expect((await again.get('/api/orders')).status).toBe(429);
});

test('a flood without tokens meets the limit of its address, and neither issuer nor services hear of it', async () => {
  const answers = await times(60, () => bff.anonymous.get('/api/dashboard'));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(40);
  expect(bff.issuer.jwksFetches).toBe(0);
  expect(upstreamCalls()).toBe(0);
});

test('a flood of bad tokens meets the limit of its address before they are looked at', async () => {
  await times(20, () => bff.anonymous.get('/api/dashboard'));
  const token = await bff.issuer.mint();
  const answers = await times(30, () =>
    bff.anonymous.get('/api/dashboard', { headers: { authorization: `Bearer ${token}` } }),
  );
  expect(statuses(answers)).toEqual(Array.from({ length: 30 }, () => 429));
  expect(bff.issuer.jwksFetches).toBe(0);
});

test('a window that is over lets calls pass again', async () => {
  using brief = writeGatewayConfig('web-bff', { limits: { caller: { requests: 1, window: '150ms' } } });
  const other = await startWebBff({ GATEWAY_CONFIG: brief.path });
  try {
    expect(statuses(await times(2, () => other.ada.get('/api/orders')))).toEqual([200, 429]);
    const answer = await untilPasses(() => other.ada.get('/api/orders'));
    expect(answer.status).toBe(200);
  } finally {
    await other[Symbol.asyncDispose]();
  }
});

async function untilPasses(call: () => Promise<Answer>): Promise<Answer> {
  let answer = await call();
  for (let round = 0; answer.status === 429 && round < 200; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    answer = await call();
  }
  return answer;
}
