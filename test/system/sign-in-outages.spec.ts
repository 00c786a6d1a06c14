import { type ProviderEndpoint, type ProviderFault, type ProviderLies, until } from '@bff/testing';
import { expectNoSession } from '../world/expect-no-session.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';

/** Nothing that it says may reach a browser. */
const words = 'words of the provider';

const faults: readonly (readonly [string, ProviderFault])[] = [
  ['answers 500', { answer: { status: 500, body: JSON.stringify({ error: words }) } }],
  ['answers 503', { answer: { status: 503, body: words } }],
  ['answers 404', { answer: { status: 404, body: words } }],
  ['answers 429', { answer: { status: 429, body: words } }],
  ['hangs up', 'cut'],
  ['answers with text', { answer: { body: words } }],
  ['answers with a page', { answer: { headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' } }],
  ['answers with nothing', { answer: {} }],
  ['answers with half of an object', { answer: { body: '{"issuer":' } }],
  ['answers with a list', { answer: { body: '[]' } }],
  ['answers with null', { answer: { body: 'null' } }],
  ['answers with an empty object', { answer: { body: '{}' } }],
  ['answers with 1 MB', { answer: { body: JSON.stringify({ much: 'm'.repeat(1_000_000) }) } }],
  ['sends elsewhere', { answer: { status: 302, headers: { location: 'http://127.0.0.1:1/' } } }],
  ['sends elsewhere and keeps the method', { answer: { status: 307, headers: { location: '/elsewhere' } } }],
];

const oauthError = (error: string, status = 400): ProviderFault => ({
  answer: { status, body: JSON.stringify({ error, error_description: words }) },
});

describe('on the way to the provider', () => {
  let world: SessionWorld;
  beforeAll(async () => {
    world = await startSessionWorld();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  async function fails(lies: ProviderLies, status = 502): Promise<void> {
    world.provider.lies = lies;
    const visitor = world.visitor();
    const answer = await visitor.open('/bff/login');
    expect([answer.status, answer.headers['location']]).toEqual([status, undefined]);
    expect(answer.text).not.toContain(words);
    expect(visitor.cookies.size).toBe(0);
  }

  test.each(faults)('a provider whose description %s is a 502', (_what, fault) =>
    fails({ at: { discovery: fault } }),
  );

  test.each<[string, Record<string, unknown>]>([
    ['of another provider', { issuer: 'https://evil.example' }],
    ['of nobody', { issuer: undefined }],
    ['without a place to send browsers to', { authorization_endpoint: undefined }],
    ['with a place that is no URL', { authorization_endpoint: 'somewhere' }],
    ['with a script as that place', { authorization_endpoint: 'javascript:alert(1)' }],
  ])('a description %s is a 502', (_what, metadata) => fails({ metadata }));

  test('and a moment later all is well', async () => {
    world.provider.lies = {};
    await until('it works', async () => (await world.visitor().open('/bff/login')).status === 302);
  });
});

describe('with a request that goes ahead of the browser', () => {
  let world: SessionWorld;
  beforeAll(async () => {
    world = await startSessionWorld();
    world.provider.offersPushedRequests = true;
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  test('nothing of it is in the address that the browser is sent to', async () => {
    const visitor = world.visitor();
    const url = await visitor.begin('acr_values=urn:strong');
    expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri']);
    expect((await visitor.open(await visitor.pass(url))).status).toBe(303);
  });

  test.each([...faults, ['refuses the gateway', oauthError('invalid_client', 401)] as const])(
    'a provider that %s is a 502',
    async (_what, fault) => {
      world.provider.lies = { at: { par: fault } };
      const visitor = world.visitor();
      const answer = await visitor.open('/bff/login');
      expect([answer.status, answer.headers['location']]).toEqual([502, undefined]);
      expect(visitor.cookies.size).toBe(0);
    },
  );
});

describe('on the way back', () => {
  let world: SessionWorld;
  beforeAll(async () => {
    world = await startSessionWorld();
    await world.signedIn();
  });
  afterEach(async () => {
    world.provider.lies = {};
    expect((await world.visitor().signIn()).status).toBe(303);
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  async function fails(lies: ProviderLies, status = 502): Promise<void> {
    const visitor = world.visitor();
    const callback = await visitor.arrive();
    world.provider.lies = lies;
    const answer = await visitor.open(callback);
    await expectNoSession(visitor, answer, status);
    expect(answer.text).not.toContain(words);
    expect(visitor.signIns).toEqual([]);
  }

  const endpoints: ProviderEndpoint[] = ['token', 'jwks'];
  const rows = endpoints.flatMap((endpoint) =>
    faults.map(([what, fault]) => [endpoint, what, fault] as const),
  );
  test.each(rows)('a provider whose %s endpoint %s is a 502', (endpoint, _what, fault) =>
    fails({ at: { [endpoint]: fault } }),
  );

  test.each<[string, Record<string, unknown>]>([
    ['without an access token', { access_token: undefined }],
    ['with a number for an access token', { access_token: 7 }],
    ['without a type', { token_type: undefined }],
    ['without an ID token', { id_token: undefined }],
    ['with an empty ID token', { id_token: '' }],
    ['with a time that is none', { expires_in: 'soon' }],
    ['with a list of scopes', { scope: ['openid'] }],
    ['with an empty refresh token', { refresh_token: '' }],
  ])('tokens %s are a 502', (_what, tokens) => fails({ tokens }));

  test.each([
    ['invalid_client', 401, 502],
    ['unauthorized_client', 400, 502],
    ['invalid_request', 400, 502],
    ['server_error', 400, 502],
    ['temporarily_unavailable', 503, 502],
    ['invalid_grant', 400, 400],
  ])('%s in place of tokens (%i) is a %i', (error, status, told) =>
    fails({ at: { token: oauthError(error, status) } }, told),
  );

  test.each([{ keys: [] }, { keys: [{}] }])('a JWKS without a key that fits signs nobody in: %j', (jwks) =>
    fails({ at: { jwks: { answer: { body: JSON.stringify(jwks) } } } }, 400),
  );
});

describe('a provider that hangs', () => {
  test('is a 504 within ten seconds, wherever it hangs, and forgiven later', async () => {
    await using known = await startSessionWorld();
    await using unknown = await startSessionWorld();
    unknown.provider.lies = { at: { discovery: 'hang' } };
    const [first, second, third] = [known.visitor(), known.visitor(), unknown.visitor()];
    const callbacks = [await first.arrive(), await second.arrive()];
    const startedMs = performance.now();
    const login = third.open('/bff/login');
    known.provider.lies = { at: { token: 'hang' } };
    const token = first.open(callbacks[0] ?? '');
    await until('the token endpoint is asked', () => known.provider.count('token') === 1);
    known.provider.lies = { at: { jwks: 'hang' } };
    const jwks = second.open(callbacks[1] ?? '');
    const answers = await Promise.all([login, token, jwks]);
    expect(answers.map(({ status }) => status)).toEqual([504, 504, 504]);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    for (const world of [known, unknown]) {
      world.provider.lies = {};
      await world.signedIn();
    }
  });
});
