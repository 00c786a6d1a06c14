import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';

const open = { public: true };
const at = '2026-01-01T00:00:00Z';
const routes = [
  { name: 'going', match: { path: '/going' }, upstream: 'legacy', deprecation: { at } },
  { name: 'old', match: { path: '/old' }, upstream: 'legacy', access: open, deprecation: { at } },
  { name: 'gone', match: { path: '/gone' }, upstream: 'legacy', deprecation: { sunset: at } },
  { name: 'staying', match: { path: '/staying' }, upstream: 'legacy' },
];

let world: ProxyWorld;
beforeEach(async () => void (world = await startProxyWorld({ routes })));
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
