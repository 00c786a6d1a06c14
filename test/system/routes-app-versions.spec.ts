import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { SocketClient } from '../world/socket-client.js';

const open = { public: true };
const routes = [
  {
    name: 'old',
    match: { path: '/old' },
    upstream: 'legacy',
    access: open,
    deprecation: { at: '2026-01-01T00:00:00Z' },
  },
  { name: 'token', match: { path: '/token' }, upstream: 'legacy', access: open, anyAppVersion: true },
  { name: 'ws', match: { path: '/ws' }, upstream: 'legacy', access: open, websocket: true },
];
const tv = { minimum: '2.0.0', latest: '3.0.0', deprecated: { below: '3.0.0', at: '2026-06-01T00:00:00Z' } };

let world: ProxyWorld;
beforeEach(async () => void (world = await startProxyWorld({ routes, app: { versions: { tv } } })));
afterEach(() => world[Symbol.asyncDispose]());

const of = (version: string) => ({ headers: { 'x-app-platform': 'tv', 'x-app-version': version } });

it('lets no service hear of a version that is blocked', async () => {
  expect(await world.bff.anonymous.get('/old', of('1.0.0'))).toMatchObject({
    status: 426,
    body: { type: 'urn:bff:app_version_blocked', minimumVersion: '2.0.0' },
  });
  expect(world.seen).toEqual([]);
});

it('opens no WebSocket for it', async () => {
  const { headers } = of('1.0.0');
  await expect(SocketClient.open(world.bff.gateway.url, '/ws', headers)).rejects.toThrow('not let in');
  expect((await world.bff.anonymous.get('/ws', of('1.0.0'))).status).toBe(426);
  expect(world.seen).toEqual([]);
  expect((await world.bff.management.get('/metrics')).text).toContain(
    'bff_app_requests_total{platform="tv",outcome="blocked"} 2',
  );
});

it('hands on a route that is open to every version', async () => {
  expect((await world.bff.anonymous.get('/token', of('1.0.0'))).text).toBe('legacy');
});

it('tells a version on its way out of itself, and others of the route that is', async () => {
  const { anonymous } = world.bff;
  world.serve = (_request, response) => void response.writeHead(200).end();
  expect((await anonymous.get('/old', of('2.5.0'))).headers).toMatchObject({ deprecation: '@1780272000' });
  const { status, headers } = await anonymous.get('/old', of('3.0.0'));
  expect([status, headers['deprecation']]).toEqual([200, '@1767225600']);
});
