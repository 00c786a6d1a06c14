import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const routes = [
  { name: 'old', match: { path: '/old/**' }, upstream: 'legacy', access: { public: true }, timeout: '150ms' },
  { name: 'nowhere', match: { path: '/nowhere' }, upstream: 'dark', access: { public: true } },
];
const upstreams = { dark: { url: 'http://127.0.0.1:1' } };

let world: ProxyWorld;
beforeAll(async () => void (world = await startProxyWorld({ routes }, {}, upstreams)));
beforeEach(() => (world.serve = (_request, response) => void response.end('legacy')));
afterAll(() => world[Symbol.asyncDispose]());

const told = async (path: string): Promise<unknown[]> => {
  const { status, headers } = await world.bff.ada.get(path);
  return [status, headers['proxy-status']];
};

test('a route whose service is silent, or not there, says what went wrong and not where', async () => {
  world.serve = () => undefined;
  expect(await told('/old/page')).toEqual([504, 'bff; error=http_response_timeout']);
  expect(await told('/nowhere')).toEqual([502, 'bff; error=destination_unavailable']);
});

test('a view whose service is away says so in the same way', async () => {
  await world.bff.orders.fails({ as: 'unreachable' });
  expect(await told('/api/orders/42')).toEqual([502, 'bff; error=destination_unavailable']);
  await world.bff.orders.recovers();
});

test('neither a success, nor a mistake of the caller, nor what a service itself answers has it', async () => {
  world.serve = (_request, response) =>
    void response.writeHead(503, { 'proxy-status': 'legacy.internal; error=dns_error' }).end();
  expect(await told('/old/page')).toEqual([503, undefined]);
  expect(await told('/api/products')).toEqual([200, undefined]);
  expect(await told('/api/nothing')).toEqual([404, undefined]);
});
