import type { Caller } from '@bff/context';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { AssertionSigner } from './assertion-signer.js';

const ada: Caller = { id: '7', scopes: new Set(['orders:read', 'orders:write']) };
const startMs = 1_800_000_000_000;

/** A signer whose clock the test moves. */
function openSigner(...secrets: string[]) {
  const clock = { nowMs: startMs };
  const signer = new AssertionSigner({ issuer: 'urn:bff:web-bff', secrets }, () => clock.nowMs);
  return { clock, signer, for: (caller?: Caller, audience = 'orders') => signer.sign({ audience, caller }) };
}

/** As a service does it, with nothing but the JWKS. */
function verify(assertion: string, { signer, clock }: ReturnType<typeof openSigner>) {
  return jwtVerify(assertion, createLocalJWKSet({ keys: signer.jwks().keys.map((key) => ({ ...key })) }), {
    algorithms: ['ES256'],
    typ: 'bff-identity+jwt',
    issuer: 'urn:bff:web-bff',
    audience: 'orders',
    currentDate: new Date(clock.nowMs),
  });
}

test('a service can check who calls, what they may do and for whom it is said, for one minute', async () => {
  const world = openSigner('secret');
  const assertion = world.for(ada);
  const { payload, protectedHeader } = await verify(assertion, world);
  expect(payload).toEqual({
    iss: 'urn:bff:web-bff',
    aud: 'orders',
    sub: '7',
    scope: 'orders:read orders:write',
    iat: startMs / 1_000,
    exp: startMs / 1_000 + 60,
  });
  expect(protectedHeader).toEqual({
    alg: 'ES256',
    typ: 'bff-identity+jwt',
    kid: world.signer.jwks().keys[0]?.kid,
  });
  world.clock.nowMs += 60_000;
  await expect(verify(assertion, world)).rejects.toThrow('exp');
});

test('where nobody calls, the gateway says so: there is no subject and no scope', async () => {
  const world = openSigner('secret');
  const { payload } = await verify(world.for(), world);
  expect(Object.keys(payload)).toEqual(['iss', 'aud', 'iat', 'exp']);
});

test('who may do nothing has no scope', () => {
  expect(decodeJwt(openSigner('secret').for({ id: '7', scopes: new Set() }))).not.toHaveProperty('scope');
});

test('what is said of one caller, of one set of scopes or for one service is never said of another', () => {
  const world = openSigner('secret');
  const assertions = [
    world.for(),
    world.for(ada),
    world.for({ ...ada, id: '8' }),
    world.for({ ...ada, scopes: new Set(['orders:read']) }),
    world.for(ada, 'users'),
  ];
  const said = assertions.map((assertion) => {
    const { aud, sub, scope } = decodeJwt(assertion);
    return [aud, sub, scope];
  });
  expect(said).toEqual([
    ['orders', undefined, undefined],
    ['orders', '7', 'orders:read orders:write'],
    ['orders', '8', 'orders:read orders:write'],
    ['orders', '7', 'orders:read'],
    ['users', '7', 'orders:read orders:write'],
  ]);
});

test('an assertion is sent again for three quarters of its life', () => {
  const world = openSigner('secret');
  const first = world.for(ada);
  world.clock.nowMs += 44_999;
  expect(world.for(ada)).toBe(first);
  world.clock.nowMs += 1;
  expect(decodeJwt(world.for(ada)).iat).toBe(startMs / 1_000 + 45);
});

test('a new secret in front signs, and what the old one signed still holds', async () => {
  const old = openSigner('old');
  const rotated = openSigner('new', 'old');
  expect((await verify(old.for(ada), rotated)).payload.sub).toBe('7');
  expect((await verify(rotated.for(ada), rotated)).payload.sub).toBe('7');
  expect(decodeProtectedHeader(rotated.for(ada)).kid).toBe(rotated.signer.jwks().keys[0]?.kid);
  await expect(verify(rotated.for(ada), old)).rejects.toThrow('no applicable key');
});

test('an altered assertion does not hold', async () => {
  const world = openSigner('secret');
  const [header, , signature] = world.for(ada).split('.');
  const claims = Buffer.from(JSON.stringify({ ...decodeJwt(world.for(ada)), sub: '8' })).toString(
    'base64url',
  );
  await expect(verify([header, claims, signature].join('.'), world)).rejects.toThrow('signature');
});

test('two replicas with one secret have one key', () => {
  expect(openSigner('secret').signer.jwks()).toEqual(openSigner('secret').signer.jwks());
});

test('without a secret there is no signer', () => {
  expect(() => openSigner()).toThrow('without a secret');
});
