import { type Bff, startWebBff } from '../world/bff.js';
import { expectNothingInternal } from '../world/nothing-internal.js';
import { exchange, requestText } from '../world/raw-http.js';

let bff: Bff;
beforeAll(async () => {
  bff = await startWebBff();
});
beforeEach(() => {
  for (const { calls } of [bff.users, bff.orders, bff.catalog]) calls.length = 0;
});
afterAll(() => bff[Symbol.asyncDispose]());

const upstreamCalls = () => [...bff.users.calls, ...bff.orders.calls, ...bff.catalog.calls];

test.each([
  '/api/orders/%ff',
  '/api/orders/%',
  '/api/orders/%2',
  '/api/orders/%zz',
  '/api/orders/%c0%ae',
  '/api/orders/%ed%a0%80',
  '/api/orders/%00',
  '/api/orders/42%00',
  '/api/orders/%2e%2e',
  '/api/orders/..',
  '/api/orders/../users/7',
  '/api/orders/%2e%2e%2fusers%2f7',
  '/api/orders/..%2f..%2fusers',
  '/api/orders/..%5c..',
  '/api/orders/a/../b',
  '/api/orders/.',
  '/api/orders//',
  '/api/orders/%20',
  '/api/orders/%0d%0aX-Odd:%20a',
  '/api/orders/42;admin=1',
  '/api/orders/42%3fadmin',
  '/api/orders/%25%32%65',
  '/api/products/..',
  '/api/products/%2e%2e%2f..',
  '/api/products/%ff',
  '/api/products/%00',
  '/..',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/api/../../etc/passwd',
  '/api%2forders',
  '/api/orders/42/..',
  '/%',
  '/api/products?search=%00',
  '/api/products?search=%ff&page=%31',
])('the path %s is nobody’s way out', async (path) => {
  const token = await bff.issuer.mint();
  const answer = await exchange(
    bff.gateway.url,
    requestText(`GET ${path} HTTP/1.1`, ['Host: bff', `Authorization: Bearer ${token}`]),
  );
  expect(answer?.status).toBeGreaterThanOrEqual(path.includes('search=') || path.endsWith('//') ? 200 : 400);
  expect(answer?.status).toBeLessThan(500);
  expect(answer?.headers['x-odd']).toBeUndefined();
  if (answer !== undefined && answer.status >= 400) expectNothingInternal(bff, answer);
  for (const { what } of upstreamCalls()) expect(['Get', 'List', '/graphql']).toContain(what);
});

test.each(['..', '.', '../users/8', '7/../8', '%2e%2e', '7?admin=1', '7#', '7;8', '\\..\\8'])(
  'a subject of "%s" stays one segment of a path',
  async (subject) => {
    const client = await bff.with({ subject });
    const answer = await client.get('/api/dashboard');
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    for (const { what } of bff.users.calls) expect(what).toBe(`/users/${encodeURIComponent(subject)}`);
  },
);
