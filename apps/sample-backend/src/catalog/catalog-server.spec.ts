import { startGatewayFixture } from '../gateway-only/gateway.fixture.js';
import { startSampleBackend, type SampleBackend } from '../sample-backend.js';

let gateway: Awaited<ReturnType<typeof startGatewayFixture>>;
let backend: SampleBackend;
beforeAll(async () => {
  gateway = await startGatewayFixture();
  backend = await startSampleBackend({ gatewayJwksUrls: [gateway.jwksUrl] });
});
afterAll(async () => {
  await backend.close();
  await gateway.close();
});

async function query(text: string, variables: object = {}, userId: string | undefined = '7') {
  const assertion = await gateway.sign({ audience: 'catalog', userId: userId || undefined });
  const answer = await fetch(backend.urls.catalog, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-identity-assertion': assertion },
    body: JSON.stringify({ query: text, variables }),
  });
  return JSON.parse(await answer.text());
}

test('a product has a price, an internal cost and a supplier', async () => {
  const answer = await query(
    '{ product(sku: "BK-1843") { title author price { amount currency } costPrice { amount } supplierCode inStock imageUrl } }',
  );
  expect(answer.data.product).toEqual({
    title: 'Notes on the Engine',
    author: 'Ada Lovelace',
    price: { amount: '24.50', currency: 'GBP' },
    costPrice: { amount: '9.80' },
    supplierCode: 'SUP-01',
    inStock: true,
    imageUrl: expect.stringMatching(/^https:/),
  });
});

test('an image comes in the width that is asked for', async () => {
  const of = async (asked: string) => (await query(`{ product(sku: "BK-1843") { ${asked} } }`)).data.product;
  const { imageUrl } = await of('imageUrl');
  expect(await of('imageUrl(width: 320)')).toEqual({ imageUrl: `${imageUrl}?width=320` });
  const { errors } = await query('{ product(sku: "BK-1843") { imageUrl(width: 5000) } }');
  expect(errors).toMatchObject([
    { message: 'width must be between 16 and 4096', extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

test('an unknown product is null', async () => {
  expect(await query('{ product(sku: "XX-1") { sku } }')).toEqual({ data: { product: null } });
});

test('products by SKU come in the order asked for, without the unknown ones', async () => {
  const answer = await query('{ productsBySku(skus: ["IN-1101", "XX-1", "BK-1843"]) { sku } }');
  expect(answer.data.productsBySku).toEqual([{ sku: 'IN-1101' }, { sku: 'BK-1843' }]);
});

test('pages cover the catalog of more than 60 products once', async () => {
  const skus = new Set<string>();
  let total = 0;
  for (let page = 1; page <= 4; page++) {
    const { data } = await query(
      'query($page: Int) { products(page: $page) { total perPage items { sku } } }',
      {
        page,
      },
    );
    expect(data.products.perPage).toBe(20);
    total = data.products.total;
    for (const { sku } of data.products.items) skus.add(sku);
  }
  expect(total).toBeGreaterThan(60);
  expect(skus.size).toBe(total);
});

test('search looks into titles and authors, whatever the case', async () => {
  const found = async (search: string) =>
    (await query('query($search: String) { products(search: $search) { total } }', { search })).data.products
      .total;
  expect(await found('NOTES ON')).toBe(2);
  expect(await found('babbage')).toBe(14);
  expect(await found('no such thing')).toBe(0);
});

test.each([
  'products(perPage: 101) { total }',
  'products(page: 0) { total }',
  'recommendations(userId: "7", first: 0) { sku }',
])('%s is refused with a reason', async (field) => {
  const answer = await query(`{ ${field} }`);
  expect(answer.errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(answer.errors[0].message).toMatch(/must be between/);
});

test('recommendations for Ada start with the Notes and are the same every time', async () => {
  const ask = '{ recommendations(userId: "7", first: 6) { sku } }';
  const answer = await query(ask);
  expect(answer.data.recommendations).toHaveLength(6);
  expect(answer.data.recommendations[0]).toEqual({ sku: 'BK-1843' });
  expect(await query(ask)).toEqual(answer);
});

test.each(['8', '4711', ''])('user %j gets recommendations as well, each product once', async (userId) => {
  const ask = 'query($userId: ID!) { recommendations(userId: $userId, first: 100) { sku } }';
  const answer = await query(ask, { userId }, userId);
  const skus = answer.data.recommendations.map(({ sku }: { sku: string }) => sku);
  expect(skus.length).toBeGreaterThan(60);
  expect(new Set(skus).size).toBe(skus.length);
});

test('what is recommended to somebody else is not shown', async () => {
  const answer = await query('{ recommendations(userId: "7", first: 6) { sku } }', {}, '8');
  expect(answer.errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
});

test('a query that did not come through a gateway is refused', async () => {
  const answer = await fetch(backend.urls.catalog, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ product(sku: "BK-1843") { sku } }' }),
  });
  expect([answer.status, await answer.json()]).toEqual([
    401,
    expect.objectContaining({ error: 'not_through_gateway' }),
  ]);
});

test('health answers', async () => {
  expect((await fetch(new URL('/health', backend.urls.catalog))).status).toBe(200);
});
