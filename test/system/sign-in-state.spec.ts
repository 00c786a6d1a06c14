import { expectNoSession } from '../world/expect-no-session.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { type Visitor } from '../world/visitor.js';

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => {
  world.provider.lies = {};
});
afterAll(() => world?.[Symbol.asyncDispose]());

type Change = (query: URLSearchParams) => void;
const set =
  (name: string, value: string): Change =>
  (query) =>
    query.set(name, value);
const remove =
  (name: string): Change =>
  (query) =>
    query.delete(name);
const repeat =
  (name: string, value?: string): Change =>
  (query) =>
    query.append(name, value ?? query.get(name) ?? '');
const change =
  (name: string, edit: (value: string) => string): Change =>
  (query) =>
    query.set(name, edit(query.get(name) ?? ''));
const otherLast = (text: string): string => text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A');

/** The last letter may hold bits that nobody reads. */
const otherInside = (text: string): string => otherLast(text.slice(0, 100)) + text.slice(100);

const codes = () => world.provider.count('token', 'authorization_code');

describe('a callback is refused, and its code is not redeemed', () => {
  test.each<[string, Change]>([
    ['without a state', remove('state')],
    ['with an empty state', set('state', '')],
    ['with a state that was made up', set('state', 'a'.repeat(43))],
    ['with a state that differs in its last letter', change('state', otherLast)],
    ['with a state in capitals', change('state', (state) => state.toUpperCase())],
    ['with a space behind its state', change('state', (state) => `${state} `)],
    ['with its state twice', repeat('state')],
    ['with another state behind its own', repeat('state', 'x')],
    ['without an issuer', remove('iss')],
    ['with an empty issuer', set('iss', '')],
    ['with the issuer of another provider', set('iss', 'https://evil.example')],
    ['with a slash behind its issuer', change('iss', (issuer) => `${issuer}/`)],
    ['with its issuer twice', repeat('iss')],
    ['without a code', remove('code')],
    ['with an empty code', set('code', '')],
    ['with two codes', repeat('code', 'x')],
    ['with a code and an error', set('error', 'access_denied')],
    ['with an ID token in its query', set('id_token', 'a.b.c')],
    ['with an answer in a token (JARM)', set('response', 'a.b.c')],
  ])('%s', async (_what, lie) => {
    world.provider.lies = { callback: lie };
    const [visitor, before] = [world.visitor(), codes()];
    await expectNoSession(visitor, await visitor.signIn());
    expect(codes()).toBe(before);
  });

  test('with the state of a sign-in that another browser has begun', async () => {
    const [ada, mallory, before] = [world.visitor(), world.visitor(), codes()];
    await ada.begin();
    await expectNoSession(ada, await ada.open(await mallory.arrive()));
    expect(codes()).toBe(before);
    expect((await mallory.get('/bff/user')).status).toBe(401);
  });

  test.each<[string, (visitor: Visitor) => void]>([
    ['lost', (visitor) => visitor.cookies.clear()],
    ['changed in one letter', (visitor) => changeSignIn(visitor, otherInside)],
    ['cut', (visitor) => changeSignIn(visitor, (sealed) => sealed.slice(0, -10))],
    ['emptied', (visitor) => changeSignIn(visitor, () => '')],
    ['made up', (visitor) => changeSignIn(visitor, () => Buffer.from('{"state":"x"}').toString('base64url'))],
  ])('when the cookie of its sign-in was %s', async (_what, tamper) => {
    const [visitor, before] = [world.visitor(), codes()];
    const callback = await visitor.arrive();
    tamper(visitor);
    await expectNoSession(visitor, await visitor.open(callback));
    expect(codes()).toBe(before);
  });

  test('when the cookie of another sign-in of the same browser stands in its place', async () => {
    const [visitor, before] = [world.visitor(), codes()];
    await visitor.begin();
    const [first = ''] = visitor.signIns;
    const callback = await visitor.arrive();
    const [second = ''] = visitor.signIns.filter((name) => name !== first);
    visitor.cookies.set(second, visitor.cookies.get(first) ?? '');
    await expectNoSession(visitor, await visitor.open(callback));
    expect(codes()).toBe(before);
  });
});

describe('a code is redeemed once', () => {
  test('although its callback comes again with all of its cookies', async () => {
    const [visitor, before] = [world.visitor(), codes()];
    const callback = await visitor.arrive();
    const cookies = new Map(visitor.cookies);
    expect((await visitor.open(callback)).status).toBe(303);
    const again = world.visitor();
    for (const [name, value] of cookies) again.cookies.set(name, value);
    await expectNoSession(again, await again.open(callback));
    expect(codes()).toBe(before + 1);
    expect((await visitor.get('/bff/user')).status).toBe(200);
  });

  test('although its callback comes ten times at once', async () => {
    const [visitor, before] = [world.visitor(), codes()];
    const callback = await visitor.arrive();
    const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.open(callback)));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([303, ...Array<number>(9).fill(400)]);
    expect(codes()).toBe(before + 1);
  });

  test('although its sign-in came to nothing, and the same browser tries again', async () => {
    world.provider.lies = { idToken: () => 'no token' };
    const [visitor, before] = [world.visitor(), codes()];
    const callback = await visitor.arrive();
    const cookies = [...visitor.cookies];
    await expectNoSession(visitor, await visitor.open(callback));
    world.provider.lies = {};
    for (const [name, value] of cookies) visitor.cookies.set(name, value);
    await expectNoSession(visitor, await visitor.open(callback));
    expect(codes()).toBe(before + 1);
  });

  test('and not with the state of another sign-in: what proves who began it does not fit', async () => {
    const [ada, mallory, before] = [world.visitor(), world.visitor(), codes()];
    const theirs = new URLSearchParams((await mallory.arrive()).split('?')[1]);
    world.provider.lies = { callback: (query) => query.set('code', theirs.get('code') ?? '') };
    await expectNoSession(ada, await ada.signIn());
    expect(codes()).toBe(before + 1);
  });
});

describe('an issuer that does not say that it names itself', () => {
  const metadata = { authorization_response_iss_parameter_supported: undefined };

  test('may leave its name out of a callback, and may not put another one there', async () => {
    await using silent = await startSessionWorld();
    silent.provider.lies = { metadata, callback: remove('iss') };
    expect((await silent.visitor().signIn()).status).toBe(303);
    silent.provider.lies = { metadata, callback: set('iss', 'https://evil.example') };
    const visitor = silent.visitor();
    await expectNoSession(visitor, await visitor.signIn());
    expect(silent.provider.count('token')).toBe(1);
  });
});

describe('a provider that answers with an error', () => {
  test.each([
    ['access_denied', 400],
    ['login_required', 400],
    ['interaction_required', 400],
    ['invalid_scope', 400],
    ['something new', 400],
    ['', 400],
    ['server_error', 502],
    ['temporarily_unavailable', 502],
  ])('%s is told with %i, without a session and without its words', async (error, status) => {
    const lie = (query: URLSearchParams): void => {
      query.delete('code');
      query.set('error', error);
      query.set('error_description', '<script>words of the provider</script>');
    };
    world.provider.lies = { callback: lie };
    const [visitor, before] = [world.visitor(), codes()];
    const answer = await visitor.signIn();
    await expectNoSession(visitor, answer, status);
    expect(answer.text).not.toContain('words of the provider');
    expect(visitor.signIns).toEqual([]);
    expect(codes()).toBe(before);
  });

  test('is not listened to when the error is not his to tell', async () => {
    const visitor = world.visitor();
    await visitor.begin();
    await expectNoSession(visitor, await visitor.open('/bff/callback?error=access_denied&state=x'));
    expect(visitor.signIns).toHaveLength(1);
    const callback = (await visitor.arrive()).replace(/code=[^&]+/, 'error=access_denied');
    const forged = callback.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example');
    await expectNoSession(visitor, await visitor.open(forged));
  });

  test('leaves those signed in who are', async () => {
    const ada = await world.signedIn();
    world.provider.lies = { callback: (query) => query.set('error', 'access_denied') };
    expect((await ada.signIn()).status).toBe(400);
    expect((await ada.get('/bff/user')).status).toBe(200);
  });
});

describe('a sign-in without a word to the user', () => {
  test.each(['login_required', 'interaction_required', 'consent_required', 'account_selection_required'])(
    'brings whoever would have to be asked (%s) back as he was',
    async (error) => {
      const lie = (query: URLSearchParams): void => {
        query.delete('code');
        query.set('error', error);
      };
      world.provider.lies = { callback: lie };
      const visitor = world.visitor();
      const answer = await visitor.signIn('prompt=none&returnUrl=/orders?tab=1%23total');
      expect(answer.status).toBe(303);
      expect(answer.headers['location']).toBe(
        `/bff/signed-in?returnUrl=${encodeURIComponent('/orders?tab=1&sign_in=login_required#total')}`,
      );
      expect([visitor.session, visitor.signIns]).toEqual([undefined, []]);
    },
  );

  test('signs in whom the provider knows', async () => {
    expect((await world.visitor().signIn('prompt=none')).status).toBe(303);
  });
});

function changeSignIn(visitor: Visitor, edit: (sealed: string) => string): void {
  const [name = ''] = visitor.signIns;
  visitor.cookies.set(name, edit(visitor.cookies.get(name) ?? ''));
}
