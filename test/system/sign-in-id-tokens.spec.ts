import { createHmac } from 'node:crypto';
import { ProviderKeys } from '@bff/testing';
import type { JWTPayload } from 'jose';
import { expectNoSession } from '../world/expect-no-session.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { encode, nowSeconds } from '../world/token-forge.js';

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(async () => {
  world.provider.lies = {};
  // Whatever was tried: the next honest sign-in works.
  expect((await world.visitor().signIn()).status).toBe(303);
});
afterAll(() => world?.[Symbol.asyncDispose]());

type Forge = (claims: JWTPayload) => string;
const sign: Forge = (claims) => world.provider.keys.sign(claims);
const withClaims =
  (changes: (now: number) => Record<string, unknown>): Forge =>
  (claims) =>
    sign({ ...claims, ...changes(nowSeconds()) });
const withHeader =
  (header: Record<string, unknown>): Forge =>
  (claims) =>
    world.provider.keys.sign(claims, header);
const unsigned =
  (header: object, signature = ''): Forge =>
  (claims) =>
    `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}.${signature}`;
/** Keyed with what is no secret, or not one for this. */
const withHmac =
  (keyOf: () => string): Forge =>
  (claims) => {
    const { kid } = world.provider.keys.current;
    const signed = `${encode(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid }))}.${encode(JSON.stringify(claims))}`;
    return `${signed}.${encode(createHmac('sha256', keyOf()).update(signed).digest())}`;
  };
const changed =
  (edit: (parts: [string, string, string]) => string[]): Forge =>
  (claims) =>
    edit(sign(claims).split('.') as [string, string, string]).join('.');

async function refuses(_what: string, idToken: Forge): Promise<void> {
  world.provider.lies = { idToken };
  const visitor = world.visitor();
  await expectNoSession(visitor, await visitor.signIn());
}

describe('refused: signatures', () => {
  test.each<[string, Forge]>([
    ...['none', 'None', 'NONE', 'nOnE', '', ' none'].map((alg): [string, Forge] => [
      `none at all, and alg "${alg}"`,
      unsigned({ alg, typ: 'JWT' }),
    ]),
    ['none at all, and no alg', unsigned({ typ: 'JWT' })],
    ['none at all, and alg null', unsigned({ alg: null })],
    ['something behind alg none', unsigned({ alg: 'none' }, 'AAAA')],
    ['none at all, under RS256', (claims) => changed(([head, body]) => [head, body, ''])(claims)],
    ['HS256 with the secret of the client', withHmac(() => world.provider.client.secret)],
    ['HS256 with the public key as JWK', withHmac(() => JSON.stringify(world.provider.keys.current))],
    ['HS256 with the modulus of the public key', withHmac(() => world.provider.keys.current.n ?? '')],
    ['HS256 with an empty key', withHmac(() => '')],
    [
      'broken in its first letter',
      changed(([head, body, [first = '', ...rest]]) => [
        head,
        body,
        (first === 'A' ? 'B' : 'A') + rest.join(''),
      ]),
    ],
    ['cut', changed(([head, body, signature]) => [head, body, signature.slice(0, -8)])],
    [
      'made for other claims',
      changed(([head, body, signature]) => {
        const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
        return [head, encode(JSON.stringify({ ...claims, sub: '8' })), signature];
      }),
    ],
    ['made with a key that nobody has published', withStrangeKey()],
    ['made with a key that came along in the header', withStrangeKey({ bringsKey: true })],
    ['made with a key whose id nobody has published', withHeader({ kid: 'unknown' })],
    ['critical in a way that nobody knows', withHeader({ crit: ['urn:odd'], 'urn:odd': 1 })],
    ['over an unencoded payload', withHeader({ crit: ['b64'], b64: false })],
  ])('%s', refuses);
});

describe('refused: forms', () => {
  test.each<[string, Forge]>([
    ['no token', () => 'no token'],
    ['two parts', changed(([head, body]) => [head, body])],
    ['five parts, as if it were encrypted', changed((parts) => [...parts, 'AAAA', 'AAAA'])],
    ['no JSON in it', changed(([head, , signature]) => [head, encode('{"sub":'), signature])],
    ['a list in it', changed(([head, , signature]) => [head, encode('[]'), signature])],
    ['null in it', changed(([head, , signature]) => [head, encode('null'), signature])],
  ])('%s', refuses);
});

describe('refused: claims', () => {
  test.each<[string, (now: number) => Record<string, unknown>]>([
    ['no issuer', () => ({ iss: undefined })],
    ['another issuer', () => ({ iss: 'https://evil.example' })],
    ['a slash behind the issuer', () => ({ iss: `${world.provider.url}/` })],
    ['no audience', () => ({ aud: undefined })],
    ['another audience', () => ({ aud: 'another-client' })],
    ['an empty list of audiences', () => ({ aud: [] })],
    ['audiences without ours', () => ({ aud: ['another-client', 'urn:bff:test'] })],
    [
      'several audiences, and not for whom it was issued',
      () => ({ aud: [world.provider.client.id, 'other'] }),
    ],
    ['issued for another client', () => ({ aud: [world.provider.client.id, 'other'], azp: 'other' })],
    ['issued for another client, although we are the audience', () => ({ azp: 'other' })],
    ['no expiry', () => ({ exp: undefined })],
    ['expired', (now) => ({ exp: now - 120, iat: now - 300 })],
    ['an expiry in words', () => ({ exp: 'tomorrow' })],
    ['no time of issue', () => ({ iat: undefined })],
    ['a time of issue in words', () => ({ iat: 'now' })],
    ['not valid yet', (now) => ({ nbf: now + 300 })],
    ['no nonce', () => ({ nonce: undefined })],
    ['another nonce', () => ({ nonce: 'a'.repeat(43) })],
    ['an empty nonce', () => ({ nonce: '' })],
    ['a list of nonces', () => ({ nonce: [] })],
    ['no subject', () => ({ sub: undefined })],
    ['an empty subject', () => ({ sub: '' })],
    ['a number as subject', () => ({ sub: 7 })],
    ['a list as subject', () => ({ sub: ['7'] })],
    ['a subject of two lines', () => ({ sub: '7\r\nx-user-id: 8' })],
    ['a subject with NUL', () => ({ sub: '7\u0000' })],
    ['a subject with a space', () => ({ sub: '7 8' })],
    ['a subject that no header can carry', () => ({ sub: 'ä' })],
    ['a subject of 300 letters', () => ({ sub: 'a'.repeat(300) })],
    ['a subject that looks like the name of an API key', () => ({ sub: 'api-key:shop' })],
  ])('%s', (what, changes) => refuses(what, withClaims(changes)));

  test('how the user has shown who he is, when a stronger way was asked for', async () => {
    world.provider.lies = { idToken: withClaims(() => ({ acr: 'urn:weak' })) };
    const visitor = world.visitor();
    await expectNoSession(visitor, await visitor.signIn('acr_values=urn:strong'));
    world.provider.lies = { idToken: withClaims(() => ({ acr: undefined })) };
    await expectNoSession(visitor, await visitor.signIn('acr_values=urn:strong'));
  });

  test.each<[string, (now: number) => Record<string, unknown>]>([
    ['too long ago', (now) => ({ auth_time: now - 3_600 })],
    ['nobody knows when', () => ({ auth_time: undefined })],
  ])('when the user has done so, when it was asked for: %s', async (_what, changes) => {
    world.provider.lies = { idToken: withClaims(changes) };
    const visitor = world.visitor();
    await expectNoSession(visitor, await visitor.signIn('max_age=60'));
  });
});

describe('keys', () => {
  afterEach(() => world.provider.keys.rotate());

  test('two that would fit, and nothing that says which: nobody is signed in', async () => {
    const { keys } = world.provider;
    const { kid: _kid, ...nameless } = keys.current;
    keys.rotate();
    const { kid: _other, ...second } = keys.current;
    keys.published = [second, nameless];
    await refuses('', withHeader({ kid: undefined }));
  });

  test('one that cannot be read spoils none that can', async () => {
    const { keys } = world.provider;
    const { current } = keys;
    keys.published = [
      { kty: 'XYZ', kid: 'x' },
      { kty: 'RSA', kid: 'y', n: '!!!', e: '' },
      { kty: 'oct', k: 'AAAA', kid: 'z' },
      { ...current, kid: 'encryption', use: 'enc' },
      current,
    ];
    expect((await world.visitor().signIn()).status).toBe(303);
  });

  test('one that was changed just before a sign-in is the one that counts, and the old one does not', async () => {
    const { keys } = world.provider;
    expect((await world.visitor().signIn()).status).toBe(303);
    keys.rotate();
    expect((await world.visitor().signIn()).status).toBe(303);
    await refuses('', (claims) => {
      const token = sign(claims);
      keys.rotate();
      return token;
    });
  });
});

describe('accepted', () => {
  test.each<[string, Forge]>([
    ['us among several audiences, when it was issued for us', manyAudiences],
    ['a clock that is 20 s ahead', withClaims((now) => ({ iat: now + 20 }))],
    ['without a type in its header', withHeader({ typ: undefined })],
  ])('%s', async (_what, idToken) => {
    world.provider.lies = { idToken };
    expect((await world.visitor().signIn()).status).toBe(303);
  });
});

function manyAudiences(claims: JWTPayload) {
  const { id } = world.provider.client;
  return sign({ ...claims, aud: [id, 'other'], azp: id });
}

/** Under the key id that the provider uses. */
function withStrangeKey({ bringsKey = false } = {}): Forge {
  const stranger = new ProviderKeys();
  return (claims) => {
    const { kid } = world.provider.keys.current;
    return stranger.sign(claims, { kid, ...(bringsKey ? { jwk: stranger.current } : {}) });
  };
}
