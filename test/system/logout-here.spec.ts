import { HttpFake, until } from '@bff/testing';
import { users } from '../world/sample-answers.js';
import { countCalls } from '../world/services.js';
import { SessionEvents } from '../world/session-events.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { cookieNames, setCookiesOf, type Visitor } from '../world/visitor.js';

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => {
  world.provider.lies = {};
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** The same cookie, kept by somebody who does not do what a browser does when it is told to forget it. */
function keeperOf({ session = '' }: Visitor, at = world): Visitor {
  const keeper = at.visitor();
  keeper.cookies.set(cookieNames.session, session);
  return keeper;
}
const isIn = async (visitor: Visitor): Promise<boolean> =>
  (await visitor.get('/api/dashboard')).status === 200;

describe('after a logout', () => {
  test('the session is dead at the next call, whoever has kept its cookie', async () => {
    const visitor = await world.signedIn();
    const keeper = keeperOf(visitor);
    expect(await isIn(keeper)).toBe(true);
    const answer = await visitor.post('/bff/logout');
    expect([answer.status, visitor.session]).toEqual([200, undefined]);
    expect(answer.headers['cache-control']).toBe('no-store');
    const before = countCalls(world);
    expect([await isIn(keeper), await isIn(keeperOf(visitor))]).toEqual([false, false]);
    expect((await keeperOf(visitor).post('/bff/logout')).status).toBe(401);
    expect(countCalls(world)).toBe(before);
  });

  test('other sessions of the user go on', async () => {
    const [here, there] = [await world.signedIn(), await world.signedIn()];
    await here.post('/bff/logout');
    expect(await isIn(there)).toBe(true);
  });

  test('an open tab hears of it, and its stream ends', async () => {
    const visitor = await world.signedIn();
    await using tab = await SessionEvents.open(world.gateway.url, visitor);
    await visitor.post('/bff/logout');
    await until('the stream ends', () => tab.isClosed);
    expect(tab.events).toEqual([['session-ended', { reason: 'logout' }]]);
  });

  test('the refresh token is revoked at the provider', async () => {
    const visitor = await world.signedIn();
    const before = world.provider.grants.revoked.length;
    await visitor.post('/bff/logout');
    await until('it is revoked', () => world.provider.grants.revoked.length === before + 1);
    const call = world.provider.calls.findLast(({ endpoint }) => endpoint === 'revoke');
    expect(call?.form.get('token_type_hint')).toBe('refresh_token');
  });

  test('the browser can end its session at the provider, and no token is in that address', async () => {
    const visitor = await world.signedIn();
    const { body } = await visitor.post('/bff/logout');
    const { endSessionUrl } = body as { endSessionUrl: string };
    const { origin, pathname, searchParams } = new URL(endSessionUrl);
    expect(`${origin}${pathname}`).toBe(`${world.provider.url}/end-session`);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: world.provider.client.id,
      post_logout_redirect_uri: `${world.gateway.url}/`,
      logout_hint: 'ada',
    });
  });

  test('a link, an image or a prefetch has not done it', async () => {
    const visitor = await world.signedIn();
    for (const path of ['/bff/logout', '/bff/logout?confirm=1'])
      expect((await visitor.get(path)).status).toBe(405);
    expect((await visitor.call('HEAD', '/bff/logout')).status).toBe(405);
    expect(await isIn(visitor)).toBe(true);
  });
});

describe('a logout works', () => {
  test.each(['cut', 'hang', { answer: { status: 500 } }] as const)(
    'although the provider cannot be told: %j',
    async (fault) => {
      const visitor = await world.signedIn();
      const keeper = keeperOf(visitor);
      world.provider.lies = { at: { revoke: fault, discovery: fault } };
      expect((await visitor.post('/bff/logout')).status).toBe(200);
      expect(await isIn(keeper)).toBe(false);
    },
  );

  test('although the access token is over and the provider gives no other', async () => {
    await using short = await startSessionWorld();
    short.provider.accessTokenSeconds = 0;
    const [visitor, second] = [await short.signedIn(), await short.signedIn()];
    const keeper = keeperOf(visitor, short);
    short.provider.lies = { at: { token: 'hang' } };
    expect((await visitor.call('DELETE', '/bff/sessions/00000000-0000-4000-8000-000000000000')).status).toBe(
      404,
    );
    expect((await visitor.post('/bff/logout')).status).toBe(200);
    expect((await keeper.get('/bff/user')).status).toBe(401);
    expect((await second.call('DELETE', '/bff/sessions')).status).toBe(204);
  });
});

describe('while calls are in flight', () => {
  /** A service that keeps its answers until it is told to give them. */
  async function startSlow() {
    const gate = Promise.withResolvers<void>();
    const service = await HttpFake.start(async ({ path }) => {
      await gate.promise;
      return users.find(({ id }) => path === `/users/${id}`);
    });
    return { gate, service };
  }

  test('fifty calls during a logout bring nobody back', async () => {
    const { gate, service } = await startSlow();
    await using _service = service;
    await using slow = await startSessionWorld({
      session: { idle: '1s' },
      environment: { USERS_URL: service.url },
    });
    const visitor = await slow.signedIn();
    const keeper = keeperOf(visitor, slow);
    const calls = Array.from({ length: 50 }, () => keeper.get('/api/dashboard'));
    await until('they are on their way', () => slow.orders.calls.length > 0 && service.calls.length > 0);
    expect((await visitor.post('/bff/logout')).status).toBe(200);
    const later = await Promise.all(
      Array.from({ length: 50 }, () => keeperOf(keeper, slow).get('/bff/user')),
    );
    gate.resolve();
    const answers = await Promise.all(calls);
    expect(new Set(later.map(({ status }) => status))).toEqual(new Set([401]));
    // 504: on a crowded machine the slow service took all the time there was.
    for (const answer of answers) expect([200, 401, 504]).toContain(answer.status);
    const given = [...answers, ...later].flatMap(setCookiesOf);
    expect(given).toEqual([]);
    expect((await keeperOf(visitor, slow).get('/bff/user')).status).toBe(401);
    expect((await keeper.get('/bff/user')).status).toBe(401);
  });

  test('a refresh during a logout brings nobody back, and its new tokens are revoked', async () => {
    await using short = await startSessionWorld();
    const { provider } = short;
    provider.accessTokenSeconds = 0;
    const visitor = await short.signedIn();
    const keeper = keeperOf(visitor, short);
    const gate = Promise.withResolvers<void>();
    provider.accessTokenSeconds = 600;
    provider.lies = { at: { token: { after: gate.promise } } };
    const calls = Array.from({ length: 5 }, () => keeper.get('/api/dashboard'));
    await until('a refresh is on its way', () => provider.count('token', 'refresh_token') === 1);
    expect((await visitor.post('/bff/logout')).status).toBe(200);
    await until('the old token is revoked', () => provider.grants.revoked.length === 1);
    gate.resolve();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    await until('the new token is revoked', () => provider.grants.revoked.length === 2);
    const [before, after] = provider.grants.revoked;
    expect(after).not.toBe(before);
    expect((await keeper.get('/bff/user')).status).toBe(401);
  });
});
