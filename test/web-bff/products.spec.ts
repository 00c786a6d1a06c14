import { startWebBff, type WebBff } from '../world/bff.js';

let bff: WebBff;
beforeAll(async () => {
  bff = await startWebBff();
});
afterAll(() => bff[Symbol.asyncDispose]());

test('the list has products and says which page it is', async () => {
  const { data } = await bff.client.getProducts({ search: 'engine', page: 2 });
  expect(data.page).toEqual({ number: 2, size: 24, totalItems: 9 });
  expect(Object.keys(data.products[0] ?? {})).toEqual(['sku', 'title', 'price', 'imageUrl']);
});

test('parameters that a form sends empty count as not sent', async () => {
  const answer = await bff.ada.get('/api/products?search=&page=');
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ page: { number: 1 } });
});

test('a product has a page of its own', async () => {
  const answer = await bff.ada.get('/api/products/BK-1843');
  expect(answer.body).toMatchObject({
    product: { sku: 'BK-1843', title: 'Notes on the Engine', inStock: true },
  });
  expect(answer.text).not.toMatch(/costPrice|supplier|internal/);
});

test('an unknown product is a 404', async () => {
  expect((await bff.ada.get('/api/products/NO-SUCH')).status).toBe(404);
});

test.each(['0', '-1', '1.5', 'two', '10001'])('page %j is a 400 that names the parameter', async (page) => {
  const answer = await bff.ada.get(`/api/products?page=${page}`);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ errors: [{ path: 'page' }] });
});

test('a parameter given twice is a 400, not a crash', async () => {
  expect((await bff.ada.get('/api/products?search=a&search=b')).status).toBe(400);
});
