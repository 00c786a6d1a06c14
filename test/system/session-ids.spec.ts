import { createHash } from 'node:crypto';
import { exchange, requestText } from '../world/raw-http.js';
import { countCalls } from '../world/services.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { cookieNames, setCookiesOf, type Visitor } from '../world/visitor.js';

let world: SessionWorld;
let ada: Visitor;
beforeAll(async () => {
  world = await startSessionWorld();
  ada = await world.signedIn();
});
afterEach(async () => {
  // Whatever was sent: her session is as it was.
  expect((await ada.get('/api/dashboard')).status).toBe(200);
});
afterAll(() => world?.[Symbol.asyncDispose]());

const planted = 'p'.repeat(43);

/** The status of a call with exactly these cookies. */
async function statusWith(cookie: string): Promise<number | undefined> {
  const lines = ['Host: bff', 'X-CSRF: 1', `Cookie: ${cookie}`];
  return (await exchange(world.gateway.url, requestText('GET /api/dashboard HTTP/1.1', lines)))?.status;
}
const userOf = (value: string) => statusWith(`${cookieNames.session}=${value}`);
const asUser = async (sub: string): Promise<Visitor> => {
  const { provider } = world;
  const { user } = provider;
  provider.user = { sub };
  const visitor = await world.signedIn();
  provider.user = user;
  return visitor;
};

describe('a new id', () => {
  test('takes the place of one that somebody has planted, which is good for nothing', async () => {
    const visitor = world.visitor();
    visitor.cookies.set(cookieNames.session, planted);
    expect((await visitor.get('/bff/user')).status).toBe(401);
    await visitor.signIn();
    expect(visitor.session).not.toBe(planted);
    expect([await userOf(planted), await userOf(visitor.session ?? '')]).toEqual([401, 200]);
  });

  test('ends the session of somebody else under whose id the browser was made to begin', async () => {
    const mallory = await asUser('666');
    const theirs = mallory.session ?? '';
    const victim = world.visitor();
    victim.cookies.set(cookieNames.session, theirs);
    await victim.signIn();
    expect([await userOf(theirs), await userOf(victim.session ?? '')]).toEqual([401, 200]);
  });

  test('ends the session before it, also when the browser keeps that to itself on the way back', async () => {
    const visitor = await world.signedIn();
    const before = visitor.session ?? '';
    const callback = await visitor.arrive();
    // Sent from another site, the callback comes without the Strict cookie.
    visitor.cookies.delete(cookieNames.session);
    await visitor.open(callback);
    expect([await userOf(before), await userOf(visitor.session ?? '')]).toEqual([401, 200]);
  });

  test('comes with each sign-in', async () => {
    const ids = new Set<string>();
    const visitor = world.visitor();
    for (let times = 1; times <= 5; times += 1) {
      await visitor.signIn();
      ids.add(visitor.session ?? '');
    }
    expect(ids.size).toBe(5);
    const dead = [...ids].slice(0, -1);
    expect(await Promise.all(dead.map(userOf))).toEqual([401, 401, 401, 401]);
  });
});

describe('nobody comes in', () => {
  test.each<[string, () => string]>([
    ['an empty value', () => ''],
    ['a value of the right form', () => planted],
    ['an id in capitals', () => ada.session?.toUpperCase() ?? ''],
    ['an id without its last letter', () => ada.session?.slice(0, -1) ?? ''],
    ['an id and a letter more', () => `${ada.session ?? ''}A`],
    ['an id in quotes', () => `"${ada.session ?? ''}"`],
    ['an escaped id', () => `%${ada.session?.charCodeAt(0).toString(16)}${ada.session?.slice(1)}`],
    [
      'what an id is stored under',
      () =>
        createHash('sha256')
          .update(ada.session ?? '')
          .digest('base64url'),
    ],
    ['a path', () => '../../session:'],
    ['a pattern', () => '*'],
    ['a command', () => '\\r\\nGET session'],
    ['bytes beyond ASCII', () => '\u00ff'.repeat(43)],
    ['JSON', () => '{"sub":"7"}'],
    ['a token', () => world.provider.keys.sign({ sub: '7' })],
  ])('with %s in the cookie', async (_what, value) => {
    const before = countCalls(world);
    expect(await userOf(value())).toBe(401);
    expect(countCalls(world)).toBe(before);
  });

  test('with the id by which a session is listed', async () => {
    const { body } = await ada.get('/bff/sessions');
    const [{ id }] = (body as { sessions: [{ id: string }] }).sessions;
    expect(await userOf(id)).toBe(401);
  });

  test.each([5_000, 10_000, 15_000])('with %i letters in the cookie', async (length) => {
    const before = countCalls(world);
    expect(await userOf('a'.repeat(length))).toBe(401);
    expect(countCalls(world)).toBe(before);
  });

  test('with a cookie that no request has room for', async () => {
    expect(await userOf('a'.repeat(20_000))).toBe(431);
  });

  test.each([
    'web-bff-session',
    '__host-web-bff-session',
    '__HOST-WEB-BFF-SESSION',
    '__Secure-web-bff-session',
    '__Host-mobile-bff-session',
    '__Host-web-bff-session2',
    'x__Host-web-bff-session',
    '__Host-web-bff-sessio%6e',
    '$__Host-web-bff-session',
  ])('with an id in a cookie of the name %s', async (name) => {
    expect(await statusWith(`${name}=${ada.session ?? ''}`)).toBe(401);
  });

  test('with two cookies of the name, one of which was tossed in, in whatever order and place', async () => {
    const name = cookieNames.session;
    const [good, mallory] = [ada.session ?? '', (await asUser('666')).session ?? ''];
    const before = countCalls(world);
    for (const other of [planted, mallory, good, '', 'garbage'])
      for (const pair of [
        [good, other],
        [other, good],
      ]) {
        const cookies = pair.map((value) => `${name}=${value}`);
        expect(await statusWith(cookies.join('; '))).toBe(401);
        expect(await statusWith(cookies.join('\r\nCookie: '))).toBe(401);
      }
    expect(countCalls(world)).toBe(before);
  });

  test('with an id anywhere but in the cookie', async () => {
    const id = ada.session ?? '';
    const pair = `${cookieNames.session}=${id}`;
    const visitor = world.visitor();
    for (const [name, value] of [
      ['authorization', `Bearer ${id}`],
      ['authorization', `Cookie ${pair}`],
      ['x-session', id],
      ['set-cookie', pair],
      ['cookie2', pair],
    ] as const)
      expect((await visitor.get('/api/dashboard', { headers: { [name]: value } })).status).toBe(401);
    expect((await visitor.get(`/api/dashboard?${pair}`)).status).toBe(401);
  });
});

test('a refusal is a problem that says where to sign in, and never sends anybody there by itself', async () => {
  for (const accept of ['application/json', 'text/html', '*/*']) {
    const answer = await world.visitor().get('/bff/user', { headers: { accept } });
    expect([answer.status, answer.headers['location']]).toEqual([401, undefined]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['www-authenticate']).toMatch(/^Cookie realm="bff", form-action="\/bff\/login"/);
    expect(answer.body).toMatchObject({ type: 'urn:bff:unauthenticated', status: 401 });
  }
});

test('the answer to a call with an old id leaves the browser its cookie, which may be a new one by then', async () => {
  const visitor = await world.signedIn();
  const late = world.visitor();
  late.cookies.set(cookieNames.session, visitor.session ?? '');
  await visitor.signIn();
  const answer = await late.get('/api/dashboard');
  expect([answer.status, setCookiesOf(answer)]).toEqual([401, []]);
});

test('other cookies beside it, odd ones too, do not matter', async () => {
  const good = `${cookieNames.session}=${ada.session ?? ''}`;
  for (const cookie of [`a=b; ${good}`, `${good};`, `=x; ${good}; y`, `a="; ${good}; b="`, `  ${good}  `])
    expect([cookie, await statusWith(cookie)]).toEqual([cookie, 200]);
});
