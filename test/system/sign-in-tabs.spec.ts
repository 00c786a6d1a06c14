import { cookieNames, setCookiesOf, type Visitor } from '../world/visitor.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** The most that the longest `returnUrl`, and the longest of everything else, can make of a cookie. */
const longest = new URLSearchParams({
  returnUrl: `/${'a'.repeat(1_999)}`,
  prompt: 'select_account',
  acr_values: Array<string>(5).fill('a'.repeat(100)).join(' '),
  max_age: '9999999',
}).toString();

describe('several tabs', () => {
  test('that sign in at the same time all arrive where they wanted to be', async () => {
    const visitor = world.visitor();
    const paths = ['/one', '/two', '/three'];
    const callbacks = [];
    for (const path of paths) callbacks.push(await visitor.arrive(`returnUrl=${path}`));
    const answers = await Promise.all(callbacks.map((callback) => visitor.open(callback)));
    expect(answers.map(({ headers }) => headers['location'])).toEqual(
      paths.map((path) => `/bff/signed-in?returnUrl=${encodeURIComponent(path)}`),
    );
    expect((await visitor.get('/bff/user')).status).toBe(200);
  });

  test('that sign in one after the other leave one session behind, and nothing else', async () => {
    const visitor = world.visitor();
    const callbacks = [await visitor.arrive(), await visitor.arrive(), await visitor.arrive()];
    const values = [];
    for (const callback of callbacks) {
      await visitor.open(callback);
      values.push(visitor.session ?? '');
    }
    expect(visitor.signIns).toEqual([]);
    expect(new Set(values).size).toBe(3);
    expect(await Promise.all(values.map((value) => statusWith(value)))).toEqual([401, 401, 200]);
  });

  test('beyond five make the oldest begin anew, and no other', async () => {
    const visitor = world.visitor();
    const callbacks = [];
    for (let tab = 1; tab <= 6; tab += 1) callbacks.push(await visitor.arrive());
    expect(visitor.signIns).toHaveLength(5);
    const [first = '', ...others] = callbacks;
    expect((await visitor.open(first)).status).toBe(400);
    for (const callback of others) expect((await visitor.open(callback)).status).toBe(303);
  });

  test('with the longest addresses fill no more of a request than there is room for', async () => {
    const visitor = world.visitor();
    const callbacks = [];
    for (let tab = 1; tab <= 5; tab += 1) callbacks.push(await visitor.arrive(longest));
    const [latest = ''] = callbacks.toReversed();
    expect((await visitor.open(latest)).status).toBe(303);
    expect((await visitor.get('/bff/user')).status).toBe(200);
  });

  test('make room among cookies of that name which nobody here has made', async () => {
    const visitor = world.visitor();
    for (let made = 1; made <= 7; made += 1) visitor.cookies.set(`${cookieNames.signIns}${made}`, 'garbage');
    expect((await visitor.signIn()).status).toBe(303);
    expect(visitor.signIns.length).toBeLessThanOrEqual(4);
  });
});

describe('cookies', () => {
  const attributes = (line: string): string[] => line.split('; ').slice(1).toSorted();

  test('of a sign-in are bound to this host, out of reach of scripts, and gone in ten minutes', async () => {
    const answer = await world.visitor().open('/bff/login');
    const [line = '', ...others] = setCookiesOf(answer);
    expect(others).toEqual([]);
    expect(line).toMatch(new RegExp(`^${cookieNames.signIns}[\\w-]{16}=[\\w-]+; `));
    expect(attributes(line)).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  test('of a session are sent by pages of this site alone, and hold 256 random bits', async () => {
    const visitor = world.visitor();
    const answer = await visitor.signIn();
    const lines = setCookiesOf(answer).filter((line) => line.startsWith(cookieNames.session));
    expect(lines).toHaveLength(1);
    expect(attributes(lines[0] ?? '')).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    expect(visitor.session).toMatch(/^[\w-]{43}$/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test.each([
    ['the longest address', longest],
    ['the longest address in letters that become three', `returnUrl=/${'%C3%BC'.repeat(333)}`],
  ])('are no larger than browsers take: %s', async (_what, query) => {
    // Who is signed in has the name of that session in it, too.
    const answer = await (await world.signedIn()).open(`/bff/login?${query}`);
    expect(answer.status).toBe(302);
    for (const line of setCookiesOf(answer)) expect(line.length).toBeLessThanOrEqual(4_096);
  });

  test.each(['"', '\\', '"\\'])('are not made larger by a class of sign-in made of %s', async (character) => {
    const acr = Array<string>(5)
      .fill(character.repeat(100 / character.length))
      .join(' ');
    const query = new URLSearchParams({ returnUrl: `/${'a'.repeat(1_999)}`, acr_values: acr });
    const answer = await world.visitor().open(`/bff/login?${query.toString()}`);
    expect(answer.status).toBeLessThan(500);
    for (const line of setCookiesOf(answer)) expect(line.length).toBeLessThanOrEqual(4_096);
  });

  test('tell nobody where a sign-in goes', async () => {
    const visitor = world.visitor();
    const url = await visitor.begin('returnUrl=/a/private/place');
    const [sealed = ''] = visitor.setCookies;
    const bytes = Buffer.from(/=([^;]+)/.exec(sealed)?.[1] ?? '', 'base64url').toString('latin1');
    for (const secret of ['/a/private/place', url.searchParams.get('nonce'), url.searchParams.get('state')])
      expect(sealed + bytes).not.toContain(secret);
  });
});

function statusWith(value: string): Promise<number> {
  const visitor: Visitor = world.visitor();
  visitor.cookies.set(cookieNames.session, value);
  return visitor.get('/bff/user').then(({ status }) => status);
}
