import { until } from '@bff/testing';
import { type Bff, startMobileBff } from '../world/bff.js';

let bff: Bff;
beforeEach(async () => {
  bff = await startMobileBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

interface Result {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const batch = async (...calls: object[]): Promise<Result[]> => {
  const answer = await bff.ada.post('/v1/batch', { calls });
  expect(answer.status).toBe(200);
  return (answer.body as { results: Result[] }).results;
};

test('calls are answered in one round trip, in order, each with its own status', async () => {
  const [home, unknown, order, refused] = await batch(
    { method: 'GET', path: '/v1/home' },
    { method: 'GET', path: '/v1/orders/no-such-order' },
    { method: 'GET', path: '/v1/orders?limit=2' },
    { method: 'DELETE', path: '/v1/home' },
  );
  expect(home).toMatchObject({
    status: 200,
    body: { name: 'Ada Lovelace' },
    headers: { 'content-type': expect.any(String) },
  });
  expect(unknown).toMatchObject({ status: 404, body: { type: 'urn:bff:not_found' } });
  expect(order).toMatchObject({ status: 200, body: { orders: [{ id: '44' }, { id: '43' }] } });
  expect(refused).toMatchObject({ status: 405 });
});

test('one that fails leaves the others alone', async () => {
  await bff.orders.fails({ as: 'unreachable' });
  const [orders, product] = await batch(
    { method: 'GET', path: '/v1/orders' },
    { method: 'GET', path: '/v1/products/BK-1843' },
  );
  expect(orders).toMatchObject({ status: 502, body: { type: 'urn:bff:upstream_unreachable' } });
  expect(product).toMatchObject({ status: 200, body: { product: { title: 'Notes on the Engine' } } });
});

test('a call may ask whether something changed', async () => {
  const [first] = await batch({ method: 'GET', path: '/v1/config' });
  const [again] = await batch({
    method: 'GET',
    path: '/v1/config',
    headers: { 'If-None-Match': first?.headers['etag'] },
  });
  expect(again).toMatchObject({ status: 304, body: null });
});

test('who calls cannot be changed inside: a call carries the batch’s own token and nothing else counts', async () => {
  const charles = `Bearer ${await bff.issuer.mint({ subject: '8' })}`;
  const headers = { authorization: charles, 'X-User-Id': '8', cookie: 'a=b' };
  const [home] = await batch({ method: 'GET', path: '/v1/home', headers });
  expect(home).toMatchObject({ status: 200, body: { name: 'Ada Lovelace' } });
  expect(bff.users.calls.at(-1)?.headers['x-user-id']).toBe('7');
});

test('each call needs its own scopes', async () => {
  const narrow = await bff.with({ scope: 'catalog:read' });
  const calls = ['/v1/home', '/v1/products/BK-1843'].map((path) => ({ method: 'GET', path }));
  const { results } = (await narrow.post('/v1/batch', { calls })).body as { results: Result[] };
  expect(results.map(({ status }) => status)).toEqual([403, 200]);
});

test('each call counts for the caller’s limit', async () => {
  const remaining = (header: unknown) => Number(/"caller";r=(\d+)/.exec(String(header))?.[1]);
  const before = await bff.ada.get('/v1/config');
  expect(before.status).toBe(200);
  const one = await bff.ada.get('/v1/products/BK-1843');
  await batch(...Array.from({ length: 5 }, () => ({ method: 'GET', path: '/v1/products/BK-1843' })));
  const after = await bff.ada.get('/v1/products/BK-1843');
  expect(remaining(one.headers['ratelimit']) - remaining(after.headers['ratelimit'])).toBe(7);
});

test('a caller who hangs up ends all of them', async () => {
  await bff.users.fails({ as: 'hanging' });
  await bff.orders.fails({ as: 'hanging' });
  const hangUp = new AbortController();
  const calls = ['/v1/home', '/v1/orders'].map((path) => ({ method: 'GET', path }));
  const call = bff.ada.post('/v1/batch', { calls }, { signal: hangUp.signal });
  const seen = () => [...bff.users.calls, ...bff.orders.calls];
  await until('all are called', () => seen().length === 3);
  hangUp.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await until('all are ended', () => seen().every(({ aborted }) => aborted), 1_000);
});

test.each([
  ['no calls', []],
  ['21 calls', Array.from({ length: 21 }, () => ({ method: 'GET', path: '/v1/home' }))],
  ['a batch in a batch', [{ method: 'POST', path: '/v1/batch' }]],
  ['a batch in disguise', [{ method: 'POST', path: '/v1/%62atch' }]],
  ['another host', [{ method: 'GET', path: 'http://localhost:1/v1/home' }]],
  ['a path outside', [{ method: 'GET', path: '/internal' }]],
  ['a line break in the path', [{ method: 'GET', path: '/v1/home HTTP/1.1\r\nX-User-Id: 8' }]],
  [
    'a line break in a header',
    [{ method: 'GET', path: '/v1/home', headers: { accept: 'a\r\nx-user-id: 8' } }],
  ],
  ['an unknown method', [{ method: 'TRACE', path: '/v1/home' }]],
  ['an unknown field', [{ method: 'GET', path: '/v1/home', host: 'x' }]],
])('%s is refused as a whole', async (_what, calls) => {
  const answer = await bff.ada.post('/v1/batch', { calls });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    type: 'urn:bff:invalid_request',
    errors: [{ path: expect.stringMatching(/^calls/) }],
  });
});

test('nobody without a token gets anything run', async () => {
  const answer = await bff.anonymous.post('/v1/batch', { calls: [{ method: 'GET', path: '/v1/config' }] });
  expect(answer.status).toBe(401);
});
