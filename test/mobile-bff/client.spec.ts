import { createMobileClient, isWhole, statusOf } from '@bff/mobile-client';
import { type MobileBff, startMobileBff } from '../world/bff.js';

let bff: MobileBff;
beforeEach(async () => {
  bff = await startMobileBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

test('the home screen comes with its types, and without `_meta` it is whole', async () => {
  const { data } = await bff.client.getHome();
  expect(data._meta).toBeUndefined();
  expect(isWhole(data)).toBe(true);
  expect(statusOf(data, 'picks')).toBe('ok');
  expect(data.orders.map(({ total }) => total.currency)).toEqual(['GBP', 'GBP', 'GBP']);
});

test('a partial home screen says what is missing', async () => {
  await bff.catalog.fails({ as: 'unreachable' });
  const { data } = await bff.client.getHome();
  expect(isWhole(data)).toBe(false);
  expect(data._meta?.sections.picks).toEqual({ status: 'fallback', reason: 'unreachable' });
});

test('a parameter that is wrong is told by its name', async () => {
  await expect(bff.client.getOrders({ limit: 51 })).rejects.toMatchObject({
    code: 'invalid_request',
    problem: { errors: [{ path: 'limit' }] },
  });
});

test('a home screen that is still the same is not sent again', async () => {
  const { etag } = await bff.client.getHome();
  expect(await bff.client.getHome({ ifNoneMatch: etag })).toMatchObject({ notModified: true });
});

test('several calls go in one round trip', async () => {
  const { data } = await bff.client.postBatch({
    calls: [
      { method: 'GET', path: '/v1/home' },
      { method: 'GET', path: '/v1/orders/no-such-order' },
    ],
  });
  expect(data.results.map(({ status }) => status)).toEqual([200, 404]);
});

test('the configuration needs no token', async () => {
  const { data } = await createMobileClient({ baseUrl: bff.gateway.url }).getConfig();
  expect(data.versions['ios']?.minimum).toBe('1.0.0');
  expect(data.features['offlineOrders']).toBe(false);
});

test('the home screen comes section by section', async () => {
  const sections: string[] = [];
  for await (const record of bff.client.streamHome())
    if (record.event === 'section') sections.push(record.section);
  expect(sections.toSorted()).toEqual(['name', 'orders', 'picks']);
});

test('a product that is not there is a problem', async () => {
  await expect(bff.client.getProductsBySku({ sku: 'NO-SUCH' })).rejects.toMatchObject({ code: 'not_found' });
});
