import { isWhole } from '@bff/web-client';
import { startWebBff, type WebBff } from '../world/bff.js';

let bff: WebBff;
beforeAll(async () => {
  bff = await startWebBff();
});
afterAll(() => bff[Symbol.asyncDispose]());
afterEach(async () => {
  await bff.catalog.recovers();
  bff.orders.calls.length = 0;
  bff.catalog.calls.length = 0;
});

test('my orders come newest first, with the way to the next page', async () => {
  const { data } = await bff.client.getOrders();
  expect(isWhole(data)).toBe(true);
  expect(data.nextCursor).toBe('after-first-page');
  expect(data.orders).toHaveLength(20);
  expect(data.orders[0]).toMatchObject({ id: '44', items: 1 });
});

test('an order’s lines carry the titles of their products, got in one call', async () => {
  const { data } = await bff.client.getOrdersById({ id: '42' });
  expect(data.order).toMatchObject({
    number: '42',
    total: { amount: '89.00' },
    lines: [{ sku: 'BK-1843', title: 'Notes on the Engine', quantity: 2 }],
  });
  expect(bff.catalog.calls).toHaveLength(1);
});

test('without the catalog the order still comes, its lines without titles', async () => {
  await bff.catalog.fails({ as: 'unreachable' });
  const answer = await bff.ada.get('/api/orders/42');
  expect(answer.status).toBe(200);
  expect(answer.headers['x-incomplete']).toBe('titles');
  expect(answer.body).toMatchObject({
    order: { lines: [{ sku: 'BK-1843', title: null }] },
    _meta: {
      complete: false,
      sections: { titles: { status: 'fallback', reason: 'unreachable' }, order: { status: 'ok' } },
    },
  });
});

test.each(['no-such-order', '20'])('order %s, which is not mine or not there, is a 404', async (id) => {
  const answer = await bff.ada.get(`/api/orders/${id}`);
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ type: 'urn:bff:not_found' });
  expect(answer.text).not.toContain('internal');
});

test('placing an order answers 201 with the order and its address', async () => {
  const answer = await bff.ada.post('/api/orders', { lines: [{ sku: 'BK-1843', quantity: 1 }] });
  expect(answer.status).toBe(201);
  expect(answer.headers['location']).toBe('/api/orders/99');
  expect(answer.body).toMatchObject({
    order: { id: '99', lines: [{ sku: 'BK-1843', title: 'Notes on the Engine', quantity: 1 }] },
  });
});

test('an order that the service refuses is a 422, and nobody sees its words', async () => {
  const answer = await bff.ada.post('/api/orders', { lines: [{ sku: 'UNKNOWN', quantity: 1 }] });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ type: 'urn:bff:refused' });
  expect(answer.text).not.toContain('internal');
});

test('a placed order is told even when the catalog is down', async () => {
  await bff.catalog.fails({ as: 'unreachable' });
  const answer = await bff.ada.post('/api/orders', { lines: [{ sku: 'BK-1843', quantity: 1 }] });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ order: { lines: [{ title: null }] }, _meta: { complete: false } });
});

test.each([
  ['nothing', undefined, ''],
  ['no lines', { lines: [] }, 'lines'],
  ['no quantity', { lines: [{ sku: 'BK-1843' }] }, 'lines.0.quantity'],
  ['a quantity of zero', { lines: [{ sku: 'BK-1843', quantity: 0 }] }, 'lines.0.quantity'],
  ['half a book', { lines: [{ sku: 'BK-1843', quantity: 0.5 }] }, 'lines.0.quantity'],
  ['a quantity in words', { lines: [{ sku: 'BK-1843', quantity: 'two' }] }, 'lines.0.quantity'],
  ['a price of its own', { lines: [{ sku: 'BK-1843', quantity: 1, price: 0 }] }, 'lines.0'],
  ['a list', [1, 2], ''],
])('a body with %s is a 400 that says where, and places nothing', async (_what, body, path) => {
  const answer = await bff.ada.post('/api/orders', body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    type: 'urn:bff:invalid_request',
    errors: [expect.objectContaining({ path })],
  });
  expect(bff.orders.calls).toHaveLength(0);
});

test('every mistake is listed at once', async () => {
  const answer = await bff.ada.post('/api/orders', { lines: [{ sku: '', quantity: -1 }], note: 'hello' });
  const { errors } = answer.body as { errors: { path: string }[] };
  expect(errors.map(({ path }) => path).toSorted()).toEqual(['', 'lines.0.quantity', 'lines.0.sku']);
});
