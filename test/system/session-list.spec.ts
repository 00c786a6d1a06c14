import { until } from '@bff/testing';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import type { Visitor } from '../world/visitor.js';

const browsers = {
  laptop: 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  phone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
};

interface Listed {
  readonly id: string;
  readonly device: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly current: boolean;
}

let world: SessionWorld;
/** Two people of each test. */
let [me, other]: [string, string] = ['', ''];
beforeAll(async () => {
  world = await startSessionWorld();
});
beforeEach(() => {
  [me, other] = [crypto.randomUUID(), crypto.randomUUID()];
});
afterAll(() => world?.[Symbol.asyncDispose]());

async function signIn(userAgent: string, sub = me): Promise<Visitor> {
  world.provider.user = { sub };
  const visitor = world.visitor();
  const answer = await visitor.open(await visitor.arrive(), { 'user-agent': userAgent });
  expect(answer.status).toBe(303);
  return visitor;
}

const listOf = async (visitor: Visitor): Promise<Listed[]> =>
  ((await visitor.get('/bff/sessions')).body as { sessions: Listed[] }).sessions;
const idOf = async (visitor: Visitor): Promise<string> =>
  (await listOf(visitor)).find(({ current }) => current)?.id ?? '';
const isIn = async (visitor: Visitor): Promise<boolean> => (await visitor.get('/bff/user')).status === 200;

test('my sessions are listed with their devices, the latest first, and nothing that lets anybody in', async () => {
  const laptop = await signIn(browsers.laptop);
  const phone = await signIn(browsers.phone);
  await signIn(browsers.laptop, other);
  const answer = await laptop.get('/bff/sessions');
  const { sessions } = answer.body as { sessions: Listed[] };
  expect(sessions.map(({ device, current }) => [device, current])).toEqual([
    ['Safari on iPhone', false],
    ['Firefox on Linux', true],
  ]);
  for (const one of sessions) {
    expect(Object.keys(one).toSorted()).toEqual(['createdAt', 'current', 'device', 'id', 'lastUsedAt']);
    expect(Math.abs(Date.parse(one.createdAt) - Date.now())).toBeLessThan(60_000);
    expect(Date.parse(one.lastUsedAt)).toBeGreaterThanOrEqual(Date.parse(one.createdAt));
  }
  for (const { session = '' } of [laptop, phone]) expect(answer.text).not.toContain(session);
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('one of them is ended on another device: it is dead at the next call, and its tokens too', async () => {
  const [laptop, phone, tablet] = [
    await signIn(browsers.laptop),
    await signIn(browsers.phone),
    await signIn(browsers.phone),
  ];
  const before = world.provider.grants.revoked.length;
  const cookiesBefore = laptop.setCookies.length;
  expect((await laptop.call('DELETE', `/bff/sessions/${await idOf(phone)}`)).status).toBe(204);
  expect([await isIn(phone), await isIn(laptop), await isIn(tablet)]).toEqual([false, true, true]);
  expect(laptop.setCookies.slice(cookiesBefore)).toEqual([]);
  expect(await listOf(laptop)).toHaveLength(2);
  await until('its tokens are revoked', () => world.provider.grants.revoked.length === before + 1);
});

test('the one that asks can be ended like the others, and the browser forgets it', async () => {
  const laptop = await signIn(browsers.laptop);
  const before = world.provider.grants.revoked.length;
  expect((await laptop.call('DELETE', `/bff/sessions/${await idOf(laptop)}`)).status).toBe(204);
  expect(laptop.session).toBeUndefined();
  await until('its tokens are revoked', () => world.provider.grants.revoked.length === before + 1);
});

test('all of mine are ended at once, and nobody else is signed out', async () => {
  const mine = [await signIn(browsers.laptop), await signIn(browsers.phone), await signIn(browsers.phone)];
  const theirs = await signIn(browsers.laptop, other);
  const before = world.provider.grants.revoked.length;
  expect((await mine[1]?.call('DELETE', '/bff/sessions'))?.status).toBe(204);
  for (const visitor of mine) expect(await isIn(visitor)).toBe(false);
  expect(mine[1]?.session).toBeUndefined();
  expect(await isIn(theirs)).toBe(true);
  await until('their tokens are revoked', () => world.provider.grants.revoked.length === before + 3);
});

describe('of somebody else', () => {
  test('a session is neither seen nor ended', async () => {
    const mine = await signIn(browsers.laptop);
    const theirs = await signIn(browsers.phone, other);
    const answer = await mine.call('DELETE', `/bff/sessions/${await idOf(theirs)}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ type: 'urn:bff:not_found' });
    expect([await isIn(mine), await isIn(theirs)]).toEqual([true, true]);
    expect(await listOf(mine)).toHaveLength(1);
  });

  test('nobody can tell whether there is one: the answer is that of an id which there never was', async () => {
    const mine = await signIn(browsers.laptop);
    const theirs = await signIn(browsers.phone, other);
    const answers = await Promise.all(
      [await idOf(theirs), crypto.randomUUID()].map((id) => mine.call('DELETE', `/bff/sessions/${id}`)),
    );
    const [first, second] = answers.map(({ status, body }) => ({
      status,
      ...(body as object),
      requestId: '',
    }));
    expect(first).toEqual(second);
  });

  test.each(['x', '..', '%2e%2e', '*', '7', ' ', 'sub:8', '00000000-0000-4000-8000-00000000000'])(
    'and %s is the id of none',
    async (id) => {
      const [mine, theirs] = [await signIn(browsers.laptop), await signIn(browsers.phone, other)];
      const { status } = await mine.call('DELETE', `/bff/sessions/${encodeURIComponent(id)}`);
      expect([400, 404]).toContain(status);
      expect([await isIn(mine), await isIn(theirs)]).toEqual([true, true]);
    },
  );
});

test('whoever is not signed in has no list, and ends nothing', async () => {
  const ada = await signIn(browsers.laptop);
  const stranger = world.visitor();
  for (const [method, path] of [
    ['GET', '/bff/sessions'],
    ['DELETE', '/bff/sessions'],
    ['DELETE', `/bff/sessions/${await idOf(ada)}`],
    ['GET', '/bff/session-events'],
    ['POST', '/bff/logout'],
  ] as const)
    expect((await stranger.call(method, path)).status).toBe(401);
  expect(await isIn(ada)).toBe(true);
});

test('whoever asks for no more than the head of the stream of events does not wait for them', async () => {
  const { status, headers, text } = await (await signIn(browsers.laptop)).call('HEAD', '/bff/session-events');
  expect([status, headers['content-type'], text]).toEqual([200, 'text/event-stream', '']);
});
