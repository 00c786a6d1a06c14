import { until } from '@bff/testing';
import { type Bff, startWebBff } from '../world/bff.js';

let bff: Bff;
beforeEach(async () => {
  bff = await startWebBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

test('one call brings the user, ten orders and the recommendations of three services', async () => {
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    user: { id: '7', name: 'Ada Lovelace' },
    orders: expect.arrayContaining([
      expect.objectContaining({ number: '42', total: { amount: '89.00', currency: 'GBP' } }),
    ]),
    recommendations: expect.arrayContaining([expect.objectContaining({ sku: 'BK-1843' })]),
    _meta: {
      complete: true,
      sections: { user: { status: 'ok' }, orders: { status: 'ok' }, recommendations: { status: 'ok' } },
    },
  });
  expect((answer.body as { orders: unknown[] }).orders).toHaveLength(10);
  expect(Object.keys(answer.body as object)).toEqual(['user', 'orders', 'recommendations', '_meta']);
});

test('a dead order service empties the orders and keeps the dashboard', async () => {
  await bff.orders.fails({ as: 'unreachable' });
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    user: { id: '7' },
    orders: [],
    _meta: { complete: false, sections: { orders: { status: 'fallback', reason: 'unreachable' } } },
  });
  expect(answer.headers).toMatchObject({ 'x-incomplete': 'orders', 'cache-control': 'no-store' });
  expect(answer.headers['etag']).toBeUndefined();
});

test('the order service is found again soon after it is back', async () => {
  await bff.orders.fails({ as: 'unreachable' });
  await bff.ada.get('/api/dashboard');
  await bff.orders.recovers();
  const isComplete = async () => (await bff.ada.get('/api/dashboard')).headers['x-incomplete'] === undefined;
  await until('the dashboard is complete again', isComplete, 4_000);
});

test('a dead user service fails the dashboard, because it is nobody’s without a user', async () => {
  await bff.users.fails({ as: 'unreachable' });
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer.status).toBe(502);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toMatchObject({ type: 'urn:bff:upstream_unreachable', status: 502 });
});

test('a hanging catalog costs the recommendations only, and no more time than the section has', async () => {
  await bff.catalog.fails({ as: 'hanging' });
  const startedMs = performance.now();
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    recommendations: [],
    _meta: { sections: { recommendations: { status: 'fallback', reason: 'timeout' } } },
  });
  expect(performance.now() - startedMs).toBeLessThan(3_100);
  await until('the call to the catalog is ended at the socket', () => bff.catalog.calls[0]?.aborted === true);
});

test.each([
  ['users', { as: 'hanging' }, 504, 'upstream_timeout'],
  ['users', { as: 'status', status: 503 }, 503, 'upstream_overloaded'],
  ['users', { as: 'status', status: 500 }, 502, 'upstream_bad_response'],
  ['users', { as: 'answer', answer: { id: 7 } }, 502, 'upstream_bad_response'],
  ['users', { as: 'status', status: 401 }, 502, 'upstream_rejected'],
] as const)('when %s fails by %j the dashboard is a %i %s', async (service, fault, status, code) => {
  await bff[service].fails(fault);
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ type: `urn:bff:${code}` });
});

test.each([
  ['orders', { as: 'answer', answer: { orders: [{ id: '1', status: 'teleported' }] } }, 'bad_response'],
  ['orders', { as: 'status', status: 8 }, 'overloaded'],
  ['orders', { as: 'status', status: 13 }, 'bad_response'],
  ['orders', { as: 'status', status: 7 }, 'rejected'],
  ['recommendations', { as: 'answer', answer: { data: { recommendations: [{ sku: 1 }] } } }, 'bad_response'],
  [
    'recommendations',
    { as: 'answer', answer: { data: null, errors: [{ message: 'internal words' }] } },
    'bad_response',
  ],
  ['recommendations', { as: 'status', status: 429 }, 'overloaded'],
  ['recommendations', { as: 'unreachable' }, 'unreachable'],
] as const)('when %s fails by %j the section falls back as %s', async (section, fault, reason) => {
  await (section === 'orders' ? bff.orders : bff.catalog).fails(fault);
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    [section]: [],
    _meta: { sections: { [section]: { status: 'fallback', reason } } },
  });
  expect(answer.text).not.toContain('internal');
});

test('a caller who hangs up ends the calls at all three services within a second', async () => {
  for (const service of [bff.users, bff.orders, bff.catalog]) await service.fails({ as: 'hanging' });
  const hangUp = new AbortController();
  const call = bff.ada.get('/api/dashboard', { signal: hangUp.signal });
  const calls = () => [...bff.users.calls, ...bff.orders.calls, ...bff.catalog.calls];
  await until('all three are called', () => calls().length === 3);
  hangUp.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await until('all three calls are ended', () => calls().every(({ aborted }) => aborted), 1_000);
});

test('an unchanged dashboard is not sent twice', async () => {
  const first = await bff.ada.get('/api/dashboard');
  const again = await bff.ada.get('/api/dashboard', {
    headers: { 'if-none-match': String(first.headers['etag']) },
  });
  expect(again.status).toBe(304);
  expect(again.text).toBe('');
});

test('answers are compressed for those who can read it', async () => {
  const answer = await bff.ada.get('/api/dashboard', { headers: { 'accept-encoding': 'gzip' } });
  expect(answer.headers['content-encoding']).toBe('gzip');
  expect(answer.headers['vary']).toContain('Accept-Encoding');
});
