import { catalogSchemaPath, ordersProtoPath } from '@bff/clients/protocols';
import { GrpcFake, startGraphqlFake } from '@bff/testing';
import { startProxyWorld } from '../world/proxy-world.js';

const circuit = { minimumCalls: 4, open: '30s' };
const same = { timeout: '500ms', retry: { tries: 1 }, circuit };
const routes = [
  {
    name: 'book',
    match: { path: '/rest/books/:sku', methods: ['GET'] },
    upstream: 'books',
    graphql: { query: 'query ($sku: ID!) { product(sku: $sku) { title } }', variables: { sku: 'path.sku' } },
  },
  {
    name: 'picks',
    match: { path: '/rest/picks', methods: ['POST'] },
    upstream: 'books',
    maxBody: '1KiB',
    graphql: {
      query: 'query ($me: ID!, $first: Int) { recommendations(userId: $me, first: $first) { sku } }',
      variables: { me: 'caller.id', first: 'body.first' },
    },
  },
  {
    name: 'order',
    match: { path: '/rest/orders/:id', methods: ['GET'] },
    upstream: 'desk',
    grpc: { method: 'bff.orders.v1.Orders/Get', arguments: { userId: 'caller.id', id: 'path.id' } },
  },
  {
    name: 'place',
    match: { path: '/rest/orders', methods: ['POST'] },
    upstream: 'desk',
    maxBody: '1KiB',
    grpc: { method: 'bff.orders.v1.Orders/Place', arguments: { userId: 'caller.id', lines: 'body.lines' } },
  },
];

/** A service of GraphQL and one of gRPC, which fail as long as they are told to. */
async function start() {
  await using opened = new AsyncDisposableStack();
  const books = opened.use(
    await startGraphqlFake(catalogSchemaPath, {
      product: () => ({ title: 'Notes' }),
      recommendations: () => [],
    }),
  );
  const desk = opened.use(
    await GrpcFake.start(ordersProtoPath, 'bff.orders.v1.Orders', { Get: () => ({}), Place: () => ({}) }),
  );
  const upstreams = {
    books: { url: books.url, ...same },
    desk: { url: desk.url, proto: ordersProtoPath, ...same },
  };
  const world = opened.use(await startProxyWorld({ routes }, {}, upstreams));
  const { ada } = world.bff;
  const all = opened.move();
  return { services: { books, desk }, ada, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

test.each([
  ['GraphQL', 'books', '/rest/books/BK-1843'],
  ['gRPC', 'desk', '/rest/orders/42'],
] as const)(
  'while its service fails, a route of %s answers at once and asks it no more',
  async (_what, name, path) => {
    await using world = await start();
    const service = world.services[name];
    expect((await world.ada.get(path)).status).toBe(200);
    await service.fails({ as: 'unreachable' });
    for (let call = 0; call < 3; call += 1) expect((await world.ada.get(path)).status).toBe(502);
    await service.recovers();
    const before = service.calls.length;
    const answer = await world.ada.get(path);
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:bff:upstream_circuit_open' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(service.calls).toHaveLength(before);
  },
);

test.each([
  ['GraphQL', 'books', '/rest/picks', { first: 1 }],
  ['gRPC', 'desk', '/rest/orders', { lines: [] }],
] as const)(
  'a body above maxBody is a 413 on a route of %s, and nobody is asked',
  async (_what, name, path, body) => {
    await using world = await start();
    const { calls } = world.services[name];
    const large = { ...body, more: 'x'.repeat(2_000) };
    expect((await world.ada.post(path, large)).status).toBe(413);
    expect(calls).toEqual([]);
    expect((await world.ada.post(path, body)).status).toBe(200);
    expect(calls).toHaveLength(1);
  },
);
