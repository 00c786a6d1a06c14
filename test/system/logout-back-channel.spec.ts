import { ProviderKeys, until } from '@bff/testing';
import type { JWTPayload } from 'jose';
import { SessionEvents } from '../world/session-events.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { encode, nowSeconds } from '../world/token-forge.js';
import type { Visitor } from '../world/visitor.js';

const event = 'http://schemas.openid.net/event/backchannel-logout';
let world: SessionWorld;
/** Somebody who is signed in in two of the provider's sessions. */
let sub: string;
let laptop: Visitor;
let phone: Visitor;
let laptopSid: string;
let phoneSid: string;

beforeAll(async () => {
  world = await startSessionWorld();
});
beforeEach(async () => {
  sub = crypto.randomUUID();
  [laptopSid, phoneSid] = [crypto.randomUUID(), crypto.randomUUID()];
  laptop = await signIn(sub, laptopSid);
  phone = await signIn(sub, phoneSid);
});
afterEach(() => {
  world.provider.lies = {};
});
afterAll(() => world?.[Symbol.asyncDispose]());

async function signIn(user: string, sid: string): Promise<Visitor> {
  world.provider.user = { sub: user };
  world.provider.sid = sid;
  return world.signedIn();
}

const isIn = async (visitor: Visitor): Promise<boolean> => (await visitor.get('/bff/user')).status === 200;
const areIn = async (): Promise<[boolean, boolean]> => [await isIn(laptop), await isIn(phone)];

/** As the provider calls: without cookies, with a form. */
const post = (body: string, type = 'application/x-www-form-urlencoded') =>
  world.visitor().send('POST', '/bff/backchannel-logout', { headers: { 'content-type': type }, body });
const tell = (token: string) => post(new URLSearchParams({ logout_token: token }).toString());
const tokenOf = (claims: JWTPayload, header?: Record<string, unknown>) =>
  world.provider.logoutToken(claims, header);

describe('what a logout token names is over', () => {
  test('by the session of the provider: here, and not elsewhere', async () => {
    const answer = await tell(tokenOf({ sid: laptopSid }));
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(await areIn()).toEqual([false, true]);
  });

  test('by the user: everywhere, and nobody else', async () => {
    const other = await signIn(crypto.randomUUID(), crypto.randomUUID());
    expect((await tell(tokenOf({ sub }))).status).toBe(200);
    expect([await areIn(), await isIn(other)]).toEqual([[false, false], true]);
  });

  test('by both: what fits both', async () => {
    expect((await tell(tokenOf({ sub, sid: phoneSid }))).status).toBe(200);
    expect(await areIn()).toEqual([true, false]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['JWT', { typ: 'JWT' }],
    ['none', { typ: undefined }],
    ['LOGOUT+JWT', { typ: 'LOGOUT+JWT' }],
  ])('also when its type is %s', async (_what, header) => {
    expect((await tell(tokenOf({ sid: laptopSid }, header))).status).toBe(200);
    expect(await areIn()).toEqual([false, true]);
  });

  test('all of its sessions, when several share one of the provider', async () => {
    const second = await signIn(sub, laptopSid);
    expect((await tell(tokenOf({ sid: laptopSid }))).status).toBe(200);
    expect([await isIn(laptop), await isIn(second), await isIn(phone)]).toEqual([false, false, true]);
  });

  test('an open tab hears of it, and its stream ends; that of another session goes on', async () => {
    await using tab = await SessionEvents.open(world.gateway.url, laptop);
    await using other = await SessionEvents.open(world.gateway.url, phone);
    await tell(tokenOf({ sid: laptopSid }));
    await until('the stream ends', () => tab.isClosed);
    expect(tab.events).toEqual([['session-ended', { reason: 'provider' }]]);
    expect([other.events, other.isClosed]).toEqual([[], false]);
  });

  test('with a key that the provider has begun to use just now', async () => {
    world.provider.keys.rotate();
    expect((await tell(tokenOf({ sid: laptopSid }))).status).toBe(200);
    expect(await areIn()).toEqual([false, true]);
  });
});

describe('what names nobody here ends nothing, and is no mistake', () => {
  test.each<[string, () => JWTPayload]>([
    ['a session of nobody', () => ({ sid: crypto.randomUUID() })],
    ['an unknown user', () => ({ sub: crypto.randomUUID() })],
    ['the session of one user and the name of another', () => ({ sid: laptopSid, sub: crypto.randomUUID() })],
    ['the user and a session of nobody', () => ({ sub, sid: crypto.randomUUID() })],
    ['an empty session', () => ({ sid: '' })],
    ['a user in place of the session', () => ({ sid: sub })],
    ['a session in place of the user', () => ({ sub: laptopSid })],
    ['a pattern', () => ({ sid: '*' })],
  ])('%s', async (_what, claims) => {
    expect((await tell(tokenOf(claims()))).status).toBe(200);
    expect(await areIn()).toEqual([true, true]);
  });
});

describe('a token that does not hold in every respect is a 400 and ends nothing', () => {
  const expectRefused = async (answer: Awaited<ReturnType<typeof tell>>, status = 400): Promise<void> => {
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect(await areIn()).toEqual([true, true]);
  };

  test.each<[string, (now: number) => Record<string, unknown>]>([
    ['a nonce, as ID tokens have', () => ({ nonce: 'x' })],
    ['an empty nonce', () => ({ nonce: '' })],
    ['a nonce that is null', () => ({ nonce: null })],
    ['no events', () => ({ events: undefined })],
    ['another event', () => ({ events: { 'http://schemas.openid.net/event/other': {} } })],
    ['a list of events', () => ({ events: [event] })],
    ['an event in words', () => ({ events: event })],
    ['an event that is no object', () => ({ events: { [event]: true } })],
    ['no issuer', () => ({ iss: undefined })],
    ['another issuer', () => ({ iss: 'https://evil.example' })],
    ['a slash behind the issuer', () => ({ iss: `${world.provider.url}/` })],
    ['no audience', () => ({ aud: undefined })],
    ['another audience', () => ({ aud: 'urn:bff:test' })],
    ['no time of issue', () => ({ iat: undefined })],
    ['a time of issue in words', () => ({ iat: 'now' })],
    ['issued in the future', (now) => ({ iat: now + 300, exp: now + 600 })],
    ['no expiry', () => ({ exp: undefined })],
    ['expired', (now) => ({ iat: now - 300, exp: now - 120 })],
    ['not valid yet', (now) => ({ nbf: now + 300 })],
    ['no id', () => ({ jti: undefined })],
    ['an empty id', () => ({ jti: '' })],
    ['a number as id', () => ({ jti: 7 })],
    ['nobody in it', () => ({ sid: undefined })],
    ['a number as session', () => ({ sid: 7 })],
    ['a list of users', () => ({ sub: [sub] })],
  ])('%s', async (_what, changes) => {
    await expectRefused(await tell(tokenOf({ sid: laptopSid, ...changes(nowSeconds()) })));
  });

  test.each<[string, (token: string) => string]>([
    ['no signature', (token) => token.replace(/[^.]*$/, '')],
    ['a cut signature', (token) => token.slice(0, -8)],
    ['another payload', (token) => token.replace(/\.[^.]*\./, `.${encode('{"sid":"x"}')}.`)],
    ['four parts', (token) => `${token}.x`],
    ['nothing but dots', () => '..'],
    ['nothing', () => ''],
    ['garbage', () => 'garbage'],
    ['nine kilobytes', (token) => token + 'A'.repeat(9_000)],
  ])('its form: %s', async (_what, edit) => {
    await expectRefused(await tell(edit(tokenOf({ sid: laptopSid }))));
  });

  test.each(['none', 'None', 'NONE', 'HS256', ''])('its algorithm: "%s"', async (alg) => {
    const [, payload = ''] = tokenOf({ sid: laptopSid }).split('.');
    const { kid } = world.provider.keys.current;
    const head = encode(JSON.stringify({ alg, kid, typ: 'logout+jwt' }));
    for (const signature of ['', 'AAAA']) await expectRefused(await tell(`${head}.${payload}.${signature}`));
  });

  test('its signer: another key, under a published id or with itself in the header', async () => {
    const stranger = new ProviderKeys();
    const { kid } = world.provider.keys.current;
    const claims = JSON.parse(
      Buffer.from(tokenOf({ sid: laptopSid }).split('.')[1] ?? '', 'base64url').toString(),
    ) as JWTPayload;
    for (const header of [{ kid }, { kid, jwk: stranger.current }, {}])
      await expectRefused(await tell(stranger.sign(claims, { typ: 'logout+jwt', ...header })));
  });

  test('its kind: a token of the same issuer that is for something else', async () => {
    const { keys, client, url } = world.provider;
    const now = nowSeconds();
    const common = { iss: url, iat: now, exp: now + 300, sub, sid: laptopSid, jti: crypto.randomUUID() };
    const events = { [event]: {} };
    for (const token of [
      keys.sign({ ...common, aud: client.id, nonce: 'n' }),
      keys.sign({ ...common, aud: client.id }),
      keys.sign({ ...common, aud: 'urn:bff:test', scope: 'openid' }, { typ: 'at+jwt' }),
      keys.sign({ ...common, aud: client.id, events }, { typ: 'at+jwt' }),
      keys.sign({ ...common, aud: client.id, events }, { typ: 'dpop+jwt' }),
      keys.sign({ ...common, aud: client.id, events }, { crit: ['urn:odd'], 'urn:odd': 1 }),
    ])
      await expectRefused(await tell(token));
  });

  test('its use: it comes for the second time, one after the other or both at once', async () => {
    const token = tokenOf({ sid: laptopSid });
    expect((await tell(token)).status).toBe(200);
    laptop = await signIn(sub, laptopSid);
    await expectRefused(await tell(token));
    const jti = crypto.randomUUID();
    const pair = [tokenOf({ sid: 'x', jti }), tokenOf({ sid: 'y', jti })].map((one) => tell(one));
    const statuses = (await Promise.all(pair)).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 400]);
  });

  test('the way it comes', async () => {
    const token = tokenOf({ sid: laptopSid });
    const form = `logout_token=${token}`;
    await expectRefused(await post(JSON.stringify({ logout_token: token }), 'application/json'), 415);
    await expectRefused(await post(form, 'text/plain'), 415);
    await expectRefused(await post(`${form}&${form}`));
    await expectRefused(await post(`${form}&logout_token=x`));
    await expectRefused(await post(`Logout_Token=${token}`));
    await expectRefused(await post(`logout_token[]=${token}`));
    await expectRefused(await post(''));
    await expectRefused(await world.visitor().get(`/bff/backchannel-logout?${form}`), 405);
    await expectRefused(
      await world.visitor().send('POST', `/bff/backchannel-logout?${form}`, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'a=b',
      }),
    );
  });
});

test.each([
  ['by its session', () => ({ sid: laptopSid })],
  ['by its user', () => ({ sub })],
])(
  'a sign-in that is under way while it is ended %s opens nothing, and the next one does',
  async (_what, claims) => {
    const gate = Promise.withResolvers<void>();
    world.provider.lies = { at: { token: { after: gate.promise } } };
    world.provider.user = { sub };
    world.provider.sid = laptopSid;
    const visitor = world.visitor();
    const before = world.provider.count('token');
    const callback = visitor.signIn();
    await until('the code is being redeemed', () => world.provider.count('token') > before);
    expect((await tell(tokenOf(claims()))).status).toBe(200);
    gate.resolve();
    expect((await callback).status).toBe(400);
    expect(visitor.session).toBeUndefined();
    world.provider.lies = {};
    expect(await isIn(await signIn(sub, crypto.randomUUID()))).toBe(true);
  },
);

test('while the keys of the provider cannot be had it is told to send its token again, and ends the session then', async () => {
  await using other = await startSessionWorld();
  const { provider } = other;
  const visitor = await other.signedIn();
  const send = () => {
    const body = new URLSearchParams({ logout_token: token }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return other.visitor().send('POST', '/bff/backchannel-logout', { headers, body });
  };
  const token = provider.logoutToken({ sub: '7' });
  provider.lies = { at: { jwks: { answer: { status: 500 } } } };
  for (let times = 0; times < 5; times += 1) {
    const answer = await send();
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:bff:sessions_unavailable' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(await isIn(visitor)).toBe(true);
  }
  provider.lies = {};
  await until('it counts', async () => (await send()).status === 200);
  expect(await isIn(visitor)).toBe(false);
});
