import type { RunningGateway } from '@bff/gateway';
import { findFreePort, HttpClient, until } from '@bff/testing';
import { mobileBff } from 'mobile-bff';
import { type SampleBackend, signIn, signInAtGateway, startSampleBackend } from 'sample-backend';
import { webBff } from 'web-bff';
import { startSampleGateway } from '../world/sample-gateway.js';

/** Both gateways before the sample services and a real OpenID provider, as `npm start` has them. */
let backend: SampleBackend;
let gateways: { web: RunningGateway; mobile: RunningGateway };
let web: HttpClient;
let mobile: HttpClient;
let faults: HttpClient;

beforeAll(async () => {
  const port = await findFreePort();
  const gatewayUrl = `http://localhost:${port}`;
  backend = await startSampleBackend({ webBffOrigins: [gatewayUrl] });
  const { identity, faults: faultControl } = backend.urls;
  gateways = {
    web: await startSampleGateway(webBff, backend, { PORT: String(port) }),
    mobile: await startSampleGateway(mobileBff, backend),
  };
  const { accessToken } = await signIn({ issuer: identity, login: 'ada', password: 'ada' });
  const { cookie } = await signInAtGateway({ gatewayUrl, login: 'ada', password: 'ada' });
  web = new HttpClient(gateways.web.url, { cookie, 'x-csrf': '1' });
  mobile = new HttpClient(gateways.mobile.url, { authorization: `Bearer ${accessToken}` });
  faults = new HttpClient(faultControl);
});
afterEach(async () => {
  await faults.call('DELETE', '/faults');
  const isWhole = async () => (await web.get('/api/dashboard')).headers['x-incomplete'] === undefined;
  await until('the services are all back', isWhole);
});
afterAll(async () => {
  for (const client of [web, mobile, faults]) await client[Symbol.asyncDispose]();
  await gateways.web.close();
  await gateways.mobile.close();
  await backend.close();
});

test('a sign-in at the real provider gets Ada her dashboard from one gateway, and a token her home screen from the other', async () => {
  const dashboard = await web.get('/api/dashboard');
  expect(dashboard.status).toBe(200);
  expect(dashboard.body).toMatchObject({
    user: { id: '7', name: 'Ada Lovelace' },
    orders: expect.arrayContaining([
      expect.objectContaining({ number: '42', total: { amount: '89.00', currency: 'GBP' } }),
    ]),
    recommendations: expect.arrayContaining([
      expect.objectContaining({ sku: 'BK-1843', title: 'Notes on the Engine' }),
    ]),
    _meta: { complete: true },
  });
  const home = await mobile.get('/v1/home');
  expect(home.status).toBe(200);
  expect(home.body).toMatchObject({
    name: 'Ada Lovelace',
    orders: [{}, {}, {}],
    picks: [{}, {}, {}, {}, {}, {}],
  });
  expect(home.body).not.toHaveProperty('_meta');
  expect(Buffer.byteLength(home.text)).toBeLessThan(1_000);
  expect(Buffer.byteLength(dashboard.text)).toBeGreaterThan(2 * Buffer.byteLength(home.text));
});

test('a dead order service: the dashboard has the orders of before, the home screen none, and both say so', async () => {
  const { orders } = (await web.get('/api/dashboard')).body as { orders: unknown };
  await faults.post('/faults', { service: 'orders', down: true });
  const [dashboard, home] = [await web.get('/api/dashboard'), await mobile.get('/v1/home')];
  expect([dashboard.status, home.status]).toEqual([200, 200]);
  expect(dashboard.headers['x-incomplete']).toBe('orders');
  expect(dashboard.body).toMatchObject({
    orders,
    _meta: {
      complete: false,
      sections: { orders: { status: 'stale', reason: 'unreachable', ageMs: expect.any(Number) } },
    },
  });
  expect(home.body).toMatchObject({
    orders: [],
    _meta: { complete: false, sections: { orders: { status: 'fallback', reason: 'unreachable' } } },
  });
});

test('a dead user service: 502, and nothing of its address', async () => {
  await faults.post('/faults', { service: 'users', down: true });
  const answer = await web.get('/api/dashboard');
  expect(answer.status).toBe(502);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: 'urn:bff:upstream_unreachable',
    requestId: answer.headers['x-request-id'],
  });
  expect(answer.text).not.toMatch(/ECONN|127\.0\.0\.1|localhost|:\d{4,5}/);
});

test('a catalog delayed by 5 s: the screens come within the deadline, without it', async () => {
  await faults.post('/faults', { service: 'catalog', delayMs: 5_000 });
  const startedMs = performance.now();
  const [dashboard, home] = await Promise.all([web.get('/api/dashboard'), mobile.get('/v1/home')]);
  expect(performance.now() - startedMs).toBeLessThan(3_100);
  expect(dashboard.body).toMatchObject({
    _meta: { sections: { recommendations: { status: 'fallback', reason: 'timeout' } } },
  });
  expect(home.body).toMatchObject({
    picks: [],
    _meta: { sections: { picks: { status: 'fallback', reason: 'timeout' } } },
  });
});

test('placing an order really adds one, on both gateways, joined to the titles of the products', async () => {
  const placed = await web.post('/api/orders', { lines: [{ sku: 'BK-1843', quantity: 1 }] });
  expect(placed.status).toBe(201);
  const order = await web.get(String(placed.headers['location']));
  expect(order.body).toMatchObject({
    order: { lines: [{ sku: 'BK-1843', title: 'Notes on the Engine', quantity: 1 }] },
  });
  const { id } = (order.body as { order: { id: string } }).order;
  expect((await mobile.get('/v1/orders?limit=1')).body).toMatchObject({ orders: [{ id }] });
});

test('pages of orders follow one another without gap or repetition', async () => {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer = await mobile.get(
      `/v1/orders?limit=5${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    const page = answer.body as { orders: { id: string }[]; next: string | null };
    ids.push(...page.orders.map(({ id }) => id));
    cursor = page.next;
  }
  expect(ids.length).toBeGreaterThanOrEqual(12);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('42');
});

test('no internal field of any service is in any answer', async () => {
  const paths = ['dashboard', 'products', 'products/BK-1843', 'orders', 'orders/42'].map(
    (path) => `/api/${path}`,
  );
  const answers = await Promise.all([
    ...paths.map((path) => web.get(path)),
    ...['home', 'orders', 'orders/42', 'products/BK-1843', 'config'].map((path) => mobile.get(`/v1/${path}`)),
  ]);
  for (const { status, text } of answers) {
    expect(status).toBe(200);
    expect(text).not.toMatch(
      /"\w*(password|risk|internal|segment|warehouse|fraud|margin|cost|supplier)\w*":/i,
    );
  }
});

test('a token of fewer scopes is refused where they are needed, and served where they are not', async () => {
  const { accessToken } = await signIn({
    issuer: backend.urls.identity,
    login: 'charles',
    password: 'charles',
    scope: 'openid catalog:read',
  });
  await using narrow = new HttpClient(gateways.mobile.url, { authorization: `Bearer ${accessToken}` });
  const refused = await narrow.get('/v1/home');
  expect(refused.status).toBe(403);
  expect(refused.headers['www-authenticate']).toContain('insufficient_scope');
  expect((await narrow.get('/v1/products/BK-1843')).status).toBe(200);
});

test('a rotated signing key works without a restart', async () => {
  await backend.rotateKeys();
  const { accessToken } = await signIn({ issuer: backend.urls.identity, login: 'ada', password: 'ada' });
  await using fresh = new HttpClient(gateways.mobile.url, { authorization: `Bearer ${accessToken}` });
  await until('the new key is known', async () => (await fresh.get('/v1/home')).status === 200, 60_000);
  expect((await web.get('/api/dashboard')).status).toBe(200);
}, 70_000);
