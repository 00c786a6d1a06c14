import { until } from '@bff/testing';
import { exchange, requestText } from '../world/raw-http.js';
import { encode, nowSeconds } from '../world/token-forge.js';
import { bearer, deep, expectChallenge, TokenWorld } from '../world/token-world.js';

let world: TokenWorld;
beforeAll(async () => {
  world = await TokenWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('accepted, at the first call and when remembered', () => {
  test.each<[string, () => string]>([
    ['signed with RS256', () => world.forge.token()],
    [
      'signed with PS256 by a key of no declared algorithm',
      () => world.forge.token({ key: world.keys.noAlg, header: { alg: 'PS256' } }),
    ],
    ['signed with ES256', () => world.forge.token({ key: world.keys.ec, header: { alg: 'ES256' } })],
    [
      'for several audiences, ours among them',
      () => world.forge.token({ claims: { aud: ['urn:other', world.bff.issuer.audience] } }),
    ],
    ['of the type AT+JWT', () => world.forge.token({ header: { typ: 'AT+JWT' } })],
    ['of the type application/at+jwt', () => world.forge.token({ header: { typ: 'application/at+jwt' } })],
    ['expired 20 s ago by our clock', () => world.forge.token({ claims: { exp: nowSeconds() - 20 } })],
    ['valid from 20 s ahead of our clock', () => world.forge.token({ claims: { nbf: nowSeconds() + 20 } })],
    ['issued 20 s ahead of our clock', () => world.forge.token({ claims: { iat: nowSeconds() + 20 } })],
    ['with an expiry of fractions', () => world.forge.token({ claims: { exp: nowSeconds() + 60.5 } })],
    [
      'without a scope it does not need to name twice',
      () => world.forge.token({ claims: { scope: ' orders:read  profile:read ' } }),
    ],
  ])('a token %s', async (_what, token) => {
    const headers = bearer(token());
    expect([(await world.dashboard(headers)).status, (await world.dashboard(headers)).status]).toEqual([
      200, 200,
    ]);
  });

  test.each(['bearer', 'BEARER', 'Bearer '])('a token under the scheme name "%s"', async (scheme) => {
    expect((await world.dashboard({ authorization: `${scheme} ${world.forge.token()}` })).status).toBe(200);
  });
});

describe('refused: forms', () => {
  const changed = (change: (parts: [string, string, string]) => string[]) => () =>
    change(world.forge.token().split('.') as [string, string, string]).join('.');
  const last = (text: string, change: (character: string) => string) =>
    text.slice(0, -1) + change(text.at(-1) ?? '');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const next = (character: string) => alphabet[(alphabet.indexOf(character) ^ 1) % 64] ?? '';

  test.each<[string, () => string]>([
    ['garbage', () => 'garbage'],
    ['three dots', () => '...'],
    ['one part', changed(([header]) => [header])],
    ['no signature', changed(([header, payload]) => [header, payload, ''])],
    ['two parts', changed(([header, payload]) => [header, payload])],
    ['four parts', changed((parts) => [...parts, 'x'])],
    ['a cut signature', changed(([header, payload, signature]) => [header, payload, signature.slice(0, -8)])],
    [
      'a signature that is too long',
      changed(([header, payload, signature]) => [header, payload, `${signature}AAAA`]),
    ],
    [
      'a signature with another last letter',
      changed(([header, payload, signature]) => [header, payload, last(signature, next)]),
    ],
    [
      'a signature with another first letter',
      changed(([header, payload, signature]) => [
        header,
        payload,
        `${next(signature[0] ?? '')}${signature.slice(1)}`,
      ]),
    ],
    ['another payload', changed(([header, , signature]) => [header, encode('{"sub":"8"}'), signature])],
    [
      'another header',
      changed(([, payload, signature]) => [
        encode('{"alg":"RS256","typ":"at+jwt","kid":"no-alg"}'),
        payload,
        signature,
      ]),
    ],
    ['padding', changed(([header, payload, signature]) => [`${header}=`, payload, `${signature}==`])],
    [
      'plus and slash in place of minus and underscore',
      changed((parts) => parts.map((part) => `${part.replaceAll('-', '+').replaceAll('_', '/')}+/`)),
    ],
    ['spaces inside', changed((parts) => parts.map((part) => ` ${part}`))],
    ['a header that is no JSON', () => world.forge.token({ rawHeader: '{"alg":"RS256"' })],
    ['a header that is a list', () => world.forge.token({ rawHeader: '["RS256"]' })],
    ['a header that is null', () => world.forge.token({ rawHeader: 'null' })],
    ['a header that is not UTF-8', () => world.forge.token({ rawHeader: Buffer.from([0x7b, 0xff, 0x7d]) })],
    [
      'a header with a byte order mark',
      () => world.forge.token({ rawHeader: `\ufeff{"alg":"RS256","typ":"at+jwt","kid":"forge"}` }),
    ],
    ['a token of 12 KB', () => world.forge.token({ claims: { more: 'm'.repeat(9_000) } })],
    [
      '1,500 nested arrays in an unsigned payload',
      () => world.forge.token({ claims: { more: deep(1_500) }, signature: () => 'x' }),
    ],
    [
      '1,500 nested arrays in the header',
      () => world.forge.token({ header: { more: deep(1_500), kid: 'unknown' } }),
    ],
  ])('%s', refusesToken);

  test.each<[string, (token: string) => string]>([
    ['Basic', () => `Basic ${Buffer.from('ada:ada').toString('base64')}`],
    ['Bearer without a token', () => 'Bearer'],
    ['a tab after Bearer', (token) => `Bearer\t${token}`],
    ['the token alone', (token) => token],
    ['Bearer twice', (token) => `Bearer Bearer ${token}`],
    ['two tokens in a list', (token) => `Bearer ${token}, Bearer ${token}`],
    ['DPoP', (token) => `DPoP ${token}`],
    ['a parameter behind the token', (token) => `Bearer ${token} realm="x"`],
    ['a token in quotes', (token) => `Bearer "${token}"`],
  ])('the Authorization header: %s', async (_what, header) => {
    const token = world.forge.token();
    await world.expectRefused(token, { authorization: header(token) });
  });

  test('two Authorization headers, even when both are good', async () => {
    const [first, second] = [world.forge.token(), world.forge.token({ claims: { sub: '8' } })];
    for (const pair of [
      [first, second],
      [first, first],
      ['x', first],
      [first, 'x'],
    ]) {
      const lines = pair.map((token) => `Authorization: Bearer ${token}`);
      const answer = await exchange(
        world.bff.gateway.url,
        requestText('GET /api/dashboard HTTP/1.1', ['Host: bff', ...lines]),
      );
      expect(answer).toBeDefined();
      if (answer !== undefined) expectChallenge(answer, first);
    }
  });

  test('a token anywhere but in the Authorization header', async () => {
    const token = world.forge.token();
    const callsBefore = world.upstreamCalls;
    for (const answer of [
      await world.bff.anonymous.get(`/api/dashboard?access_token=${token}`),
      await world.bff.anonymous.post('/api/orders', `access_token=${token}`, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      await world.bff.anonymous.post('/api/orders', { access_token: token }),
      await world.dashboard({ cookie: `access_token=${token}` }),
      await world.dashboard({ 'proxy-authorization': `Bearer ${token}` }),
      await world.dashboard({ 'x-authorization': `Bearer ${token}` }),
    ])
      expectChallenge(answer, token);
    expect(world.upstreamCalls).toBe(callsBefore);
  });

  test('nothing at all, and the challenge then names no error', async () => {
    const answer = await world.dashboard({});
    expectChallenge(answer, '');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="bff", Cookie /);
  });

  test('large tokens are refused in little time, and in no more than their size asks for', async () => {
    const fastestMs = async (token: string): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 7; round += 1) {
        const startedMs = performance.now();
        expect((await world.dashboard(bearer(token))).status).toBe(401);
        times.push(performance.now() - startedMs);
      }
      return Math.min(...times);
    };
    const smallMs = await fastestMs('a'.repeat(3 * 1024));
    for (const token of [
      'a'.repeat(12 * 1024),
      '.'.repeat(12 * 1024),
      '='.repeat(12 * 1024),
      world.forge.token({ claims: { more: deep(1_500) }, signature: () => 'x' }),
    ]) {
      expect(await fastestMs(token)).toBeLessThan(Math.min(50, smallMs * 8 + 5));
    }
  });
});

describe('scopes', () => {
  test.each([
    ['GET', '/api/dashboard', 'openid profile:read', 'profile:read orders:read'],
    ['GET', '/api/orders', 'orders:write', 'orders:read'],
    ['GET', '/api/orders/42', '', 'orders:read'],
    ['POST', '/api/orders', 'orders:read', 'orders:write'],
    ['GET', '/api/products', 'catalog:reader CATALOG:READ', 'catalog:read'],
  ])('%s %s with the scope "%s" is a 403 that names what is needed', async (method, path, scope, needed) => {
    const callsBefore = world.upstreamCalls;
    const answer = await world.bff.anonymous.call(method, path, {
      headers: bearer(world.forge.token({ claims: { scope } })),
    });
    expect(answer.status).toBe(403);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="bff", error="insufficient_scope", scope="${needed}"`,
    );
    expect(answer.body).toMatchObject({ type: 'urn:bff:insufficient_scope', status: 403 });
    expect(world.upstreamCalls).toBe(callsBefore);
  });
});

describe('time', () => {
  test('a token that was good is refused once it has expired, although it is remembered', async () => {
    const token = world.forge.token({ claims: { exp: nowSeconds() - 28 } });
    expect((await world.dashboard(bearer(token))).status).toBe(200);
    await until('it is refused', async () => (await world.dashboard(bearer(token))).status === 401, 3_500);
    await world.expectRefused(token);
  });
});

function refusesToken(_what: string, token: () => string): Promise<void> {
  return world.expectRefused(token());
}
