import { catalogSchemaPath } from '@bff/clients/protocols';
import { HttpFake, startGraphqlFake } from '@bff/testing';
import { startProxyWorld } from '../world/proxy-world.js';

const product = {
  name: 'product',
  match: { path: '/rest/products/:sku', methods: ['GET'] },
  upstream: 'books',
  graphql: {
    query: 'query P($sku: ID!) { product(sku: $sku) { sku title } }',
    variables: { sku: 'path.sku' },
    result: 'product',
    whenNull: 404,
  },
};
const search = {
  name: 'search',
  match: { path: '/rest/products', methods: ['GET'] },
  upstream: 'books',
  graphql: {
    query:
      'query ($page: Int = 1, $perPage: Int!) { products(page: $page, perPage: $perPage) { page perPage } }',
    variables: { page: 'query.page', perPage: 'query.size' },
    result: 'products',
  },
};
const mine = {
  name: 'mine',
  match: { path: '/rest/picks', methods: ['POST'] },
  upstream: 'books',
  graphql: {
    query: 'query ($me: ID!, $first: Int) { recommendations(userId: $me, first: $first) { sku } }',
    variables: { me: 'caller.id', first: 'body.first' },
  },
};

type Fields = Parameters<typeof startGraphqlFake>[1];

async function start(fields: Fields, routes: readonly object[] = [product, search, mine]) {
  const books = await startGraphqlFake(catalogSchemaPath, fields);
  return startAt(books, routes);
}

async function startAt(books: HttpFake, routes: readonly object[]) {
  const world = await startProxyWorld({ routes }, {}, { books: { url: books.url, timeout: '500ms' } });
  const close = async (): Promise<void> => {
    await world[Symbol.asyncDispose]();
    await books[Symbol.asyncDispose]();
  };
  return { books, bff: world.bff, [Symbol.asyncDispose]: close };
}

test('an operation is asked with what the path gives, and answers with the member that is named', async () => {
  await using world = await start({ product: ({ sku }: { sku: string }) => ({ sku, title: 'Notes' }) });
  const answer = await world.bff.ada.get('/rest/products/BK%20%C3%A9');
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.body).toEqual({ sku: 'BK é', title: 'Notes' });
});

test('a result of null is a 404 where the route says so', async () => {
  await using world = await start({ product: () => null });
  expect((await world.bff.ada.get('/rest/products/none')).status).toBe(404);
});

test('arguments are read by the types that the operation declares, and a default stays its own', async () => {
  await using world = await start({ products: (asked: object) => asked });
  expect((await world.bff.ada.get('/rest/products?size=5')).body).toEqual({ page: 1, perPage: 5 });
});

test('every argument that does not fit is named, and no service is asked', async () => {
  await using world = await start({});
  const answer = await world.bff.ada.get('/rest/products?page=two');
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    type: 'urn:bff:invalid_request',
    errors: [
      { path: 'page', message: 'expected an Int' },
      { path: 'size', message: 'is required' },
    ],
  });
  expect(world.books.calls).toEqual([]);
});

test('the caller and a member of the body are arguments', async () => {
  await using world = await start({
    recommendations: ({ userId, first }: { userId: string; first: number }) => [
      { sku: `${userId}-${first}` },
    ],
  });
  const answer = await world.bff.ada.post('/rest/picks', { first: 3 });
  expect(answer.body).toEqual({ recommendations: [{ sku: '7-3' }] });
  const wrong = await world.bff.ada.post('/rest/picks', { first: '3' });
  expect(wrong.body).toMatchObject({ status: 400, errors: [{ path: 'first', message: 'expected an Int' }] });
});

test('who is not known is turned away before the service is asked', async () => {
  await using world = await start({});
  expect((await world.bff.anonymous.get('/rest/products/a')).status).toBe(401);
  expect(world.books.calls).toEqual([]);
});

test.each([
  ['NOT_FOUND', 404],
  ['BAD_USER_INPUT', 422],
  ['FORBIDDEN', 502],
  ['TIMEOUT', 504],
  ['SOMETHING_NEW', 502],
])('an error with the code %s is a %i, and its words stay inside', async (code, status) => {
  const fail = () => {
    throw Object.assign(new Error('internal words'), { extensions: { code } });
  };
  await using world = await start({ product: fail });
  const answer = await world.bff.ada.get('/rest/products/a');
  expect(answer.status).toBe(status);
  expect(answer.text).not.toContain('internal words');
});

const answerOf = (answer: object) => HttpFake.start(() => answer);
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

test('an integer beyond 2^53 keeps its digits', async () => {
  const data = { product: { stock: rawJSON('9007199254740993') } };
  await using world = await startAt(await answerOf({ data }), [product]);
  expect((await world.bff.ada.get('/rest/products/a')).text).toBe('{"stock":9007199254740993}');
});

test('an integer in a body that would be rounded is refused', async () => {
  await using world = await start({});
  const answer = await world.bff.ada.post('/rest/picks', { first: rawJSON('9007199254740993') });
  expect(answer.status).toBe(400);
  expect(world.books.calls).toEqual([]);
});

test('data with an error beside it is a failure, unless the route takes what there is', async () => {
  const half = {
    data: { product: { sku: 'a', title: null } },
    errors: [{ message: 'x', path: ['product', 'title'] }],
  };
  const whole = { ...product, name: 'whole', match: { path: '/rest/whole/:sku', methods: ['GET'] } };
  const partial = { ...product, graphql: { ...product.graphql, partial: true } };
  await using world = await startAt(await answerOf(half), [whole, partial]);
  expect((await world.bff.ada.get('/rest/whole/a')).status).toBe(502);
  const answer = await world.bff.ada.get('/rest/products/a');
  expect(answer.body).toEqual({ sku: 'a', title: null });
  expect(answer.headers['x-incomplete']).toBe('product.title');
  expect(answer.headers['cache-control']).toBe('no-store');
});

test.each([
  [{ query: 'query { a(' }, /routes\.0\.graphql\.query: line 1 of it: Syntax Error/],
  [
    { query: '{ a }', variables: { sku: 'path.sku' } },
    /variables\.sku: the query declares no \$sku \(it declares: none\)/,
  ],
  [{ query: 'query ($a: ID!) { a(a: $a) }' }, /graphql\.query: \$a is required/],
  [{ query: 'query ($a: ID) { a(a: $a) }', variables: { a: 'path.b' } }, /variables\.a: .* does not give :b/],
  [{ query: 'query ($a: ID) { a(a: $a) }', variables: { a: 'body' } }, /variables\.a: GET has no body/],
  [{ query: 'query ($a: ID) { a(a: $a) }', variables: { a: 'web' } }, /variables\.a: expected path/],
  [
    { query: 'query ($a: Int) { a(a: $a) }', variables: { a: { value: 'x' } } },
    /variables\.a: expected an Int/,
  ],
  [{ query: 'mutation { a }' }, /a mutation changes something, which GET must not/],
])('%j is a mistake of gateway.yaml', async (graphql, message) => {
  await expect(start({}, [{ ...product, graphql }])).rejects.toThrow(message);
});

test.each<[object, RegExp]>([
  [{ requestHeaders: { deny: ['x-a'] } }, /routes\.0\.requestHeaders: does nothing beside graphql/],
  [{ requestHeaders: { set: { 'x-a': 'b' } } }, /routes\.0\.requestHeaders: does nothing beside graphql/],
  [{ upload: { timeout: '1m' } }, /routes\.0\.upload: needs a body that passes, which graphql reads instead/],
  [{ upstream: undefined, static: {} }, /routes\.0\.graphql: needs upstream in place of static/],
  [
    { upstream: undefined, split: [{ upstream: 'books', weight: 1 }] },
    /routes\.0\.graphql: needs upstream in place of split/,
  ],
])('%j beside graphql is a mistake too', async (changes, message) => {
  await expect(start({}, [{ ...product, ...changes }])).rejects.toThrow(message);
});

test('a body that is compressed is refused, and what would be understood is told', async () => {
  await using world = await start({});
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const coded = await world.bff.ada.call('POST', '/rest/picks', { headers, body: '{"first":3}' });
  expect(coded).toMatchObject({ status: 415, headers: { 'accept-encoding': 'identity' } });
  const text = { 'content-type': 'text/plain' };
  const other = await world.bff.ada.call('POST', '/rest/picks', { headers: text, body: '{"first":3}' });
  expect(other.status).toBe(415);
  expect(other.headers['accept-encoding']).toBeUndefined();
  expect(world.books.calls).toEqual([]);
});
