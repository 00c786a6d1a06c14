import { type MobileBff, startMobileBff } from '../world/bff.js';

let bff: MobileBff;
beforeEach(async () => {
  bff = await startMobileBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

test('the home screen is a name, three open orders and six picks, and nothing else', async () => {
  const { data: home } = await bff.client.getHome();
  expect(Object.keys(home)).toEqual(['name', 'orders', 'picks']);
  expect(home.name).toBe('Ada Lovelace');
  expect(home.orders).toHaveLength(3);
  expect(home.picks).toHaveLength(6);
  expect(Object.keys(home.picks[0] ?? {})).toEqual(['sku', 'title', 'price']);
});

test('what is missing is told only when something is', async () => {
  await bff.catalog.fails({ as: 'unreachable' });
  const answer = await bff.ada.get('/v1/home');
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({ 'x-incomplete': 'picks', 'cache-control': 'no-store' });
  expect(answer.body).toMatchObject({
    picks: [],
    _meta: {
      complete: false,
      sections: { picks: { status: 'fallback', reason: 'unreachable' }, orders: { status: 'ok' } },
    },
  });
});

test('orders come in pages of the size asked for', async () => {
  const { data: first } = await bff.client.getOrders({ limit: 2 });
  expect(first).toMatchObject({ orders: [{ id: '44' }, { id: '43' }], next: expect.any(String) });
  expect((await bff.client.getOrders({ limit: 50 })).data.next).toBeNull();
  expect((await bff.ada.get('/v1/orders?limit=51')).status).toBe(400);
  expect((await bff.ada.get('/v1/orders?cursor=&limit=')).body).toMatchObject({ orders: { length: 10 } });
});

test('an order is small: no prices of lines, no address of anything internal', async () => {
  const { data } = await bff.client.getOrdersById({ id: '42' });
  expect(data).toEqual({
    order: {
      id: '42',
      number: '42',
      status: 'placed',
      placedAt: '2026-10-26T10:00:00.000Z',
      total: { amount: '89.00', currency: 'GBP' },
      lines: [{ sku: 'BK-1843', title: 'Notes on the Engine', quantity: 2 }],
    },
  });
});

test('a product comes without the words that a phone does not show', async () => {
  const answer = await bff.ada.get('/v1/products/BK-1843');
  expect(answer.body).toMatchObject({ product: { sku: 'BK-1843', title: 'Notes on the Engine' } });
  expect(answer.body).not.toMatchObject({ product: { description: expect.anything() } });
});

test('the configuration is open to everybody, and calls no service', async () => {
  const answer = await bff.anonymous.get('/v1/config');
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    versions: {
      ios: { minimum: '1.0.0', latest: '1.0.0', storeUrl: 'https://example.com/app/ios' },
      android: { minimum: '1.0.0', latest: '1.0.0', storeUrl: 'https://example.com/app/android' },
    },
    features: { offlineOrders: false },
  });
  expect([...bff.users.calls, ...bff.orders.calls, ...bff.catalog.calls]).toEqual([]);
});

test.each(['/v1/home', '/v1/orders', '/v1/orders/42', '/v1/products/BK-1843'])(
  '%s is closed without a token',
  async (path) => {
    const answer = await bff.anonymous.get(path);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  },
);
