import { type Bff, startMobileBff } from '../world/bff.js';

let bff: Bff;
beforeEach(async () => {
  bff = await startMobileBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

test('a gateway that listens is live and ready, and stays so when services are down', async () => {
  await bff.users.fails({ as: 'unreachable' });
  expect(await bff.management.get('/health/live')).toMatchObject({ status: 200, body: { status: 'live' } });
  expect(await bff.management.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
});

test('draining turns readiness red at once while calls are still answered, each on its last connection', async () => {
  bff.gateway.drain();
  expect(await bff.management.get('/health/ready')).toMatchObject({
    status: 503,
    body: { status: 'draining' },
  });
  const answer = await bff.ada.get('/v1/home');
  expect(answer.status).toBe(200);
  expect(answer.headers['connection']).toBe('close');
});

test('the live table names every route, who may call it and what it answers with', async () => {
  const { body } = await bff.management.get('/routes');
  expect(body).toContainEqual({
    method: 'GET',
    path: '/v1/config',
    access: 'public',
    anyAppVersion: true,
    scopes: [],
    view: 'AppConfig',
  });
  expect(body).toContainEqual({
    method: 'GET',
    path: '/v1/home',
    access: 'caller',
    anyAppVersion: false,
    scopes: ['profile:read', 'orders:read'],
    view: 'Home',
  });
});

test('the upstreams are listed with their protocol and target', async () => {
  const { body } = await bff.management.get('/upstreams');
  expect(body).toContainEqual(
    expect.objectContaining({ name: 'users', protocol: 'http', url: bff.users.url, timeoutMs: 1500 }),
  );
  expect((body as { protocol: string }[]).map(({ protocol }) => protocol).toSorted()).toEqual([
    'graphql',
    'grpc',
    'http',
  ]);
});

test('what is for operators is not on the public port', async () => {
  for (const path of [
    '/health/live',
    '/health/ready',
    '/routes',
    '/upstreams',
    '/metrics',
    '/docs',
    '/openapi.json',
  ]) {
    expect((await bff.ada.get(path)).status).toBe(404);
  }
});

test('an unknown page of the management port lists those there are', async () => {
  const answer = await bff.management.get('/nope');
  expect(answer).toMatchObject({
    status: 404,
    body: { type: 'urn:bff:not_found', detail: expect.stringContaining('/health/ready') },
  });
  expect((await bff.management.post('/health/live', {})).status).toBe(405);
});
