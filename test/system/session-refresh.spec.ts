import { until } from '@bff/testing';
import { countCalls } from '../world/services.js';
import { SessionEvents } from '../world/session-events.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { passTime, restoreDate } from '../world/set-date.js';
import type { Visitor } from '../world/visitor.js';

let world: SessionWorld;
let visitor: Visitor;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => {
  restoreDate();
  world.provider.lies = {};
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** A session whose access token is over. */
async function signIn(): Promise<void> {
  visitor = await world.signedIn();
  passTime(world.provider.accessTokenSeconds * 1_000 + 1);
}

/** One whose token is to be replaced soon, and still holds. */
async function signInEarly(): Promise<void> {
  visitor = await world.signedIn();
  passTime((world.provider.accessTokenSeconds - 30) * 1_000);
}
const refreshes = () => world.provider.count('token', 'refresh_token');
const dashboard = async (): Promise<number> => (await visitor.get('/api/dashboard')).status;
const many = (count: number) => Promise.all(Array.from({ length: count }, dashboard));

describe('an access token that is over', () => {
  test('is replaced once for twenty calls at once, and none of them fails', async () => {
    await signIn();
    const before = refreshes();
    expect(new Set(await many(20))).toEqual(new Set([200]));
    expect(refreshes()).toBe(before + 1);
    expect(new Set(await many(20))).toEqual(new Set([200]));
    expect(refreshes()).toBe(before + 1);
  });

  test('is replaced again and again, with the refresh token of the time before', async () => {
    await signIn();
    const before = refreshes();
    for (let times = 1; times <= 4; times += 1) {
      expect(await dashboard()).toBe(200);
      passTime(world.provider.accessTokenSeconds * 1_000 + 1);
    }
    expect(refreshes()).toBe(before + 4);
    const tokens = world.provider.calls.slice(-4).map(({ form }) => form.get('refresh_token'));
    expect(new Set(tokens).size).toBe(4);
  });

  test('is replaced for a provider that keeps its refresh token, too', async () => {
    await signIn();
    world.provider.lies = { tokens: { refresh_token: undefined, scope: undefined } };
    expect(await dashboard()).toBe(200);
    world.provider.lies = {};
    expect((await visitor.get('/api/orders')).status).toBe(200);
  });
});

describe('an access token that is nearly over', () => {
  test('is replaced while nobody waits', async () => {
    await signInEarly();
    const gate = Promise.withResolvers<void>();
    world.provider.lies = { at: { token: { after: gate.promise } } };
    const before = refreshes();
    expect(await dashboard()).toBe(200);
    await until('it is asked for', () => refreshes() > before);
    expect(new Set(await many(10))).toEqual(new Set([200]));
    expect(refreshes()).toBe(before + 1);
    gate.resolve();
    world.provider.lies = {};
    expect(new Set(await many(10))).toEqual(new Set([200]));
    expect(refreshes()).toBe(before + 1);
  });
});

describe('while the provider is down', () => {
  test.each([
    'cut',
    { answer: { status: 500 } },
    { answer: { status: 503, body: '{"error":"x"}' } },
  ] as const)('who has a token that still holds does not notice: %j', async (fault) => {
    await signInEarly();
    world.provider.lies = { at: { token: fault, jwks: fault, discovery: fault } };
    const before = refreshes();
    expect(await dashboard()).toBe(200);
    await until('it is tried', () => refreshes() > before);
    expect(new Set(await many(10))).toEqual(new Set([200]));
  });

  test.each([
    ['it hangs up', 'cut', 502],
    ['it answers 500', { answer: { status: 500 } }, 502],
    ['it answers with a page', { answer: { body: '<html>' } }, 502],
    ['it sends elsewhere', { answer: { status: 302, headers: { location: '/' } } }, 502],
    ['it is in trouble (400)', { answer: { status: 400, body: '{"error":"server_error"}' } }, 502],
    ['it is busy (400)', { answer: { status: 400, body: '{"error":"temporarily_unavailable"}' } }, 502],
    ['it does not know the gateway', { answer: { status: 401, body: '{"error":"invalid_client"}' } }, 502],
    ['it knows no such grant', { answer: { status: 400, body: '{"error":"unsupported_grant_type"}' } }, 502],
    ['it forgets the access token', { answer: { body: '{"token_type":"Bearer"}' } }, 502],
  ] as const)(
    'with a token that is over a call fails when %s, and the session stays',
    async (_what, fault, status) => {
      await signIn();
      world.provider.lies = { at: { token: fault } };
      const before = countCalls(world);
      for (const answered of await many(5)) expect(answered).toBe(status);
      expect(countCalls(world)).toBe(before);
      // What ends sessions needs no token, and tells whether there is one.
      expect((await visitor.call('DELETE', `/bff/sessions/${crypto.randomUUID()}`)).status).toBe(404);
    },
  );

  test('it is forgiven as soon as it is up again', async () => {
    await signIn();
    world.provider.lies = { at: { token: 'cut' } };
    expect(await dashboard()).toBe(502);
    world.provider.lies = {};
    await until('all is well', async () => (await dashboard()) === 200);
  });

  test('it is not asked for each call', async () => {
    await signIn();
    world.provider.lies = { at: { token: 'cut' } };
    const before = refreshes();
    for (let times = 1; times <= 20; times += 1) await dashboard();
    expect(refreshes() - before).toBeLessThanOrEqual(3);
  });

  test('a call gives up at its deadline, and what comes later is not lost', async () => {
    await signIn();
    const gate = Promise.withResolvers<void>();
    world.provider.lies = { at: { token: { after: gate.promise } } };
    const before = refreshes();
    const hasty = await visitor.get('/api/dashboard', { headers: { 'x-timeout-ms': '200' } });
    expect(hasty.status).toBe(504);
    gate.resolve();
    await until('all is well', async () => (await dashboard()) === 200);
    expect(refreshes()).toBe(before + 1);
  });
});

describe('a grant that is over', () => {
  test('is a 401 for all who wait, and the session is gone', async () => {
    await signIn();
    world.provider.grants.endAll();
    const before = countCalls(world);
    expect(new Set(await many(20))).toEqual(new Set([401]));
    expect(countCalls(world)).toBe(before);
    world.provider.lies = { at: { token: 'hang' } };
    expect((await visitor.get('/bff/user')).status).toBe(401);
  });

  test('is told to an open tab', async () => {
    await signInEarly();
    await using tab = await SessionEvents.open(world.gateway.url, visitor);
    world.provider.grants.endAll();
    await until('it is found out', async () => (await dashboard()) === 401);
    await until('the stream ends', () => tab.isClosed);
    expect(tab.events).toEqual([['session-ended', { reason: 'revoked' }]]);
  });
});

describe('new tokens that are not to be trusted', () => {
  test('for another user are not taken, and the session stays what it was', async () => {
    await signIn();
    const { keys } = world.provider;
    world.provider.lies = { idToken: (claims) => keys.sign({ ...claims, sub: '8' }) };
    expect(await dashboard()).toBe(502);
    world.provider.lies = {};
    await until('it is left alone no longer', async () => (await dashboard()) !== 502);
    const seen = world.users.calls.map(({ headers }) => headers['x-user-id']);
    expect(seen).not.toContain('8');
  });
});
