import { RawConnection } from '../world/raw-http.js';
import { handshake } from '../world/socket-routes.js';
import { SocketService } from '../world/socket-service.js';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const open = { public: true };
const at = '2026-01-01T00:00:00Z';
const routes = [
  { name: 'going', match: { path: '/going' }, upstream: 'legacy', deprecation: { at } },
  { name: 'old', match: { path: '/old' }, upstream: 'legacy', access: open, deprecation: { at } },
  { name: 'gone', match: { path: '/gone' }, upstream: 'legacy', deprecation: { sunset: at } },
  { name: 'staying', match: { path: '/staying' }, upstream: 'legacy' },
];

const link = 'https://example.com/v2';
const told = {
  deprecation: '@1767225600',
  sunset: 'Fri, 01 Jan 2100 00:00:00 GMT',
  link: `<${link}>; rel="deprecation"`,
};
const leaving = { deprecation: { at, sunset: '2100-01-01T00:00:00Z', link } };
const toLegacy = { upstream: 'legacy', ...leaving };
const toChat = { upstream: 'chat', websocket: true, ...leaving };
const leavingRoutes = [
  { name: 'mine', match: { path: '/mine' }, ...toLegacy },
  { name: 'rare', match: { path: '/rare' }, access: open, limits: { requests: 1 }, ...toLegacy },
  { name: 'slow', match: { path: '/slow' }, access: open, timeout: '50ms', ...toLegacy },
  { name: 'full', match: { path: '/full' }, access: open, upstream: 'narrow', ...leaving },
  { name: 'chat', match: { path: '/chat' }, access: open, ...toChat },
  { name: 'my-chat', match: { path: '/my-chat' }, ...toChat },
];

let chat: SocketService;
beforeAll(async () => void (chat = await SocketService.start()));
afterAll(() => chat[Symbol.asyncDispose]());
let world: ProxyWorld;
beforeEach(
  async () =>
    void (world = await startProxyWorld(
      { routes: [...routes, ...leavingRoutes] },
      {},
      {
        chat: { url: chat.url },
        // As nobody may wait, the second call is one too many.
        narrow: { url: chat.url, bulkhead: { concurrent: 1, queue: 0 }, coalesce: false },
      },
    )),
);
afterEach(() => world[Symbol.asyncDispose]());

const countsOf = async (): Promise<string[]> => {
  const { text } = await world.bff.management.get('/metrics');
  return text.split('\n').filter((line) => line.startsWith('bff_deprecated_requests_total'));
};

const count = (route: string, caller: string, value: number): string =>
  `bff_deprecated_requests_total{route="${route}",caller="${caller}"} ${value}`;

it('counts who still calls a route on its way out', async () => {
  const { anonymous, ada } = world.bff;
  const grace = await world.bff.with({ subject: '8' });
  await ada.get('/going');
  await ada.get('/going');
  await grace.get('/going');
  await anonymous.get('/old');
  await ada.get('/staying');
  expect(await countsOf()).toEqual([
    count('going', '7', 2),
    count('going', '8', 1),
    count('old', 'anonymous', 1),
  ]);
});

it('answers 410 after the sunset, lets no service hear of it, and counts whom it cut off', async () => {
  const answer = await world.bff.ada.get('/gone');
  expect(answer).toMatchObject({ status: 410, body: { status: 410 } });
  expect(answer.headers).toMatchObject({ sunset: 'Thu, 01 Jan 2026 00:00:00 GMT' });
  expect(world.seen).toEqual([]);
  expect(await countsOf()).toEqual([count('gone', '7', 1)]);
});

it('counts nobody who was refused before it is known who he is', async () => {
  expect(await world.bff.anonymous.get('/going')).toMatchObject({ status: 401 });
  expect(await countsOf()).toEqual([]);
});

it('tells whoever gets a problem in place of an answer', async () => {
  const { anonymous } = world.bff;
  expect(await anonymous.get('/mine')).toMatchObject({ status: 401, headers: told });
  expect(await anonymous.get('/rare')).toMatchObject({ status: 200, headers: told });
  expect(await anonymous.get('/rare')).toMatchObject({ status: 429, headers: told });
  world.serve = () => undefined;
  expect(await anonymous.get('/slow')).toMatchObject({ status: 504, headers: told });
  const both = await Promise.all([anonymous.get('/full'), anonymous.get('/full')]);
  expect(both).toContainEqual(
    expect.objectContaining({ status: 503, headers: expect.objectContaining(told) }),
  );
  const staying = await anonymous.get('/staying');
  expect(staying.status).toBe(401);
  expect(staying.headers).not.toHaveProperty('deprecation');
});

it('tells whoever opens a WebSocket, or is not let in, and counts who opened one', async () => {
  using opened = await RawConnection.open(world.bff.gateway.url);
  expect(await opened.send(handshake('/chat')).answer()).toMatchObject({ status: 101, headers: told });
  using refused = await RawConnection.open(world.bff.gateway.url);
  expect(await refused.send(handshake('/my-chat')).answer()).toMatchObject({ status: 401, headers: told });
  expect(await countsOf()).toEqual([count('chat', 'anonymous', 1)]);
});
