import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const page = 'https://app.example.com';
const route = (name: string, more: object = {}) => ({
  name,
  match: { path: `/${name}/**` },
  upstream: 'legacy',
  ...more,
});
const routes = [
  route('ours', { cors: 'gateway', match: { path: '/ours/**', methods: ['GET', 'POST'] } }),
  route('open', { cors: 'gateway', access: { public: true } }),
  route('theirs', { access: { public: true } }),
];

let world: ProxyWorld;
beforeEach(async () => {
  world = await startProxyWorld({ routes, cors: { origins: [page] } });
  world.serve = ({ method }, response) =>
    void response
      .writeHead(method === 'OPTIONS' ? 204 : 200, {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'BREW',
        vary: 'X-Variant',
      })
      .end();
});
afterEach(() => world[Symbol.asyncDispose]());

const preflight = (path: string, method = 'GET', origin = page) =>
  world.bff.anonymous.call('OPTIONS', path, {
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization, x-csrf',
    },
  });

test('the gateway answers a preflight for a route that says so, whoever may call it, and no service is asked', async () => {
  const asked = await preflight('/ours/1', 'POST');
  expect(asked.status).toBe(204);
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': page,
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': 'authorization, x-csrf',
    'access-control-max-age': '600',
  });
  expect(world.seen).toEqual([]);
});

test('what the service says of other origins is dropped, and what both vary by is told', async () => {
  const { status, headers } = await world.bff.ada.get('/ours/1', { headers: { origin: page } });
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'access-control-allow-origin': page,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': expect.stringContaining('X-Request-Id'),
  });
  expect(headers).not.toHaveProperty('access-control-allow-methods');
  expect(String(headers['vary'])).toMatch(/Origin/);
  expect(String(headers['vary'])).toMatch(/X-Variant/);
});

test('a problem can be read by such a page, too', async () => {
  const { status, headers } = await world.bff.anonymous.get('/ours/1', { headers: { origin: page } });
  expect(status).toBe(401);
  expect(headers).toMatchObject({ 'access-control-allow-origin': page });
});

test('a page of another origin is told nothing by either', async () => {
  for (const answer of [
    await preflight('/open/1', 'GET', 'https://evil.example.com'),
    await world.bff.anonymous.get('/open/1', { headers: { origin: 'https://evil.example.com' } }),
  ])
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
});

test('OPTIONS without a page behind it is a request like others', async () => {
  expect((await world.bff.anonymous.call('OPTIONS', '/open/1')).status).toBe(204);
  expect(world.seen.map(({ method }) => method)).toEqual(['OPTIONS']);
});

test('elsewhere it is the service that says all of it', async () => {
  const asked = await preflight('/theirs/1');
  const called = await world.bff.anonymous.get('/theirs/1', { headers: { origin: page } });
  for (const { headers } of [asked, called])
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'BREW',
    });
  expect(world.seen.map(({ method }) => method)).toEqual(['OPTIONS', 'GET']);
});

test('operators see it', async () => {
  const { body } = await world.bff.management.get('/routes');
  expect(body).toContainEqual(expect.objectContaining({ name: 'ours', cors: 'gateway' }));
});
