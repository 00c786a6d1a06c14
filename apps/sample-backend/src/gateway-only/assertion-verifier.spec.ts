import { createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync } from 'node:crypto';

import { exportJWK, SignJWT } from 'jose';

import { AssertionVerifier } from './assertion-verifier.js';
import { developmentKey } from './development-key.js';
import { GatewayKeys } from './gateway-keys.js';
import { developmentTrust } from './gateway-trust.js';
import { startGatewayFixture, type Assertion } from './gateway.fixture.js';

const nowSeconds = () => Math.floor(Date.now() / 1_000);

async function startOrders() {
  const gateway = await startGatewayFixture();
  const clock = { aheadMs: 0 };
  const keys = new GatewayKeys({ jwksUrls: [gateway.jwksUrl], keys: [] });
  const verifier = new AssertionVerifier('orders', keys, () => Date.now() + clock.aheadMs);
  return {
    gateway,
    clock,
    verify: (assertion: string | undefined) => verifier.verify(assertion),
    verifySigned: async (assertion: Partial<Assertion>) =>
      verifier.verify(await gateway.sign({ audience: 'orders', userId: '7', ...assertion })),
    [Symbol.asyncDispose]: gateway.close,
  };
}

test('an assertion tells who calls, with which scopes and through which gateway', async () => {
  await using orders = await startOrders();
  expect(await orders.verifySigned({ scope: 'orders:read orders:write' })).toEqual({
    gateway: 'urn:bff:web-bff',
    userId: '7',
    scopes: new Set(['orders:read', 'orders:write']),
  });
});

test('a gateway may call for nobody', async () => {
  await using orders = await startOrders();
  expect(await orders.verifySigned({ userId: undefined })).toEqual({
    gateway: 'urn:bff:web-bff',
    userId: undefined,
    scopes: new Set(),
  });
});

test.each([
  ['for another service', { claims: { aud: 'users' } }, 'another service than orders'],
  ['for several services', { claims: { aud: ['orders', 'users'] } }, 'not for orders alone'],
  ['for no service', { claims: { aud: undefined } }, 'another service than orders'],
  ['of another kind', { header: { typ: 'at+jwt' } }, 'another kind'],
  ['of no kind', { header: { typ: undefined } }, 'another kind'],
  ['that has expired', { claims: { iat: nowSeconds() - 91, exp: nowSeconds() - 31 } }, 'expired'],
  ['that never expires', { claims: { exp: undefined } }, 'exp'],
  [
    'that expires in a year and is old',
    { claims: { iat: nowSeconds() - 91, exp: nowSeconds() + 3e7 } },
    'expired',
  ],
  ['from the future', { claims: { iat: nowSeconds() + 40, exp: nowSeconds() + 100 } }, 'iat'],
  ['of no time', { claims: { iat: undefined } }, 'iat'],
  ['that is not valid yet', { claims: { nbf: nowSeconds() + 60 } }, 'nbf'],
  ['of somebody else than a gateway', { claims: { iss: 'https://id.example' } }, 'cannot be read'],
  ['with an empty subject', { claims: { sub: '' } }, 'cannot be read'],
  ['with an extension that nobody knows', { header: { crit: ['urn:new'], 'urn:new': 1 } }, 'cannot be read'],
  ['of an unknown key', { header: { kid: 'unknown' } }, 'no trusted gateway publishes'],
  ['of no key', { header: { kid: undefined } }, 'no trusted gateway publishes'],
])('an assertion %s is refused, with the reason', async (_, changes, reason) => {
  await using orders = await startOrders();
  await expect(orders.verifySigned(changes)).rejects.toMatchObject({
    name: 'NotThroughGatewayError',
    message: expect.stringContaining(reason),
  });
});

test('clocks may differ by half a minute', async () => {
  await using orders = await startOrders();
  const [late, early] = [-85, 25].map((shift) => nowSeconds() + shift);
  for (const iat of [late, early]) {
    expect(await orders.verifySigned({ claims: { iat, exp: Number(iat) + 60 } })).toMatchObject({
      userId: '7',
    });
  }
});

test.each([undefined, '', 'nonsense', 'a.b.c', 'x'.repeat(9_000)])('%j is refused', async (assertion) => {
  await using orders = await startOrders();
  await expect(orders.verify(assertion)).rejects.toThrow('Call a gateway instead');
});

test('an altered claim and a second assertion beside the first are refused', async () => {
  await using orders = await startOrders();
  const good = await orders.gateway.sign({ audience: 'orders', userId: '7' });
  const [header = '', payload = '', signature = ''] = good.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const altered = Buffer.from(JSON.stringify({ ...claims, sub: '8' })).toString('base64url');
  await expect(orders.verify([header, altered, signature].join('.'))).rejects.toThrow('signature');
  await expect(orders.verify(`${good}, ${good}`)).rejects.toThrow('cannot be read');
});

test('an unsigned one, one signed with a published key as if it were a secret, and one that brings its own key are refused', async () => {
  await using orders = await startOrders();
  const claims = {
    iss: 'urn:bff:web-bff',
    aud: 'orders',
    sub: '7',
    iat: nowSeconds(),
    exp: nowSeconds() + 60,
  };
  const [published] = orders.gateway.published;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'none', typ: 'bff-identity+jwt', kid: 'one' })}.${encode(claims)}.`;
  const asSecret = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'bff-identity+jwt', kid: 'one' })
    .sign(Buffer.from(JSON.stringify(published)));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const withOwnKey = await new SignJWT(claims)
    .setProtectedHeader({
      alg: 'ES256',
      typ: 'bff-identity+jwt',
      kid: 'one',
      jwk: await exportJWK(publicKey),
    })
    .sign(privateKey);
  for (const forged of [unsigned, asSecret, withOwnKey]) {
    await expect(orders.verify(forged)).rejects.toThrow('Call a gateway instead');
  }
});

test('an assertion is remembered until it expires, and not longer', async () => {
  await using orders = await startOrders();
  const assertion = await orders.gateway.sign({ audience: 'orders', userId: '7' });
  const first = await orders.verify(assertion);
  expect(await orders.verify(assertion)).toBe(first);
  orders.clock.aheadMs = 95_000;
  await expect(orders.verify(assertion)).rejects.toThrow('expired');
});

test('what 2,000 callers sent at most half of is remembered', async () => {
  await using orders = await startOrders();
  const assertions = await Promise.all(
    Array.from({ length: 2_000 }, (_, id) => orders.gateway.sign({ audience: 'orders', userId: String(id) })),
  );
  const calls = [];
  for (const assertion of assertions) calls.push(await orders.verify(assertion));
  expect(await orders.verify(assertions.at(-1))).toBe(calls.at(-1));
  expect(await orders.verify(assertions[0])).not.toBe(calls[0]);
});

test('the key for development is the one of the secret for development, and trusted in development only', async () => {
  const secret = 'development-only-session-secret-0123456789';
  const d = Buffer.from(hkdfSync('sha256', secret, '', 'bff identity assertion ES256 0', 32)).toString(
    'base64url',
  );
  const { kty, crv, x, y } = developmentKey as { kty: string; crv: string; x: string; y: string };
  const privateKey = createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' });
  expect(createPublicKey(privateKey).export({ format: 'jwk' })).toEqual({ kty, crv, x, y });

  const assertion = await new SignJWT({
    iss: 'urn:bff:tv-bff',
    aud: 'orders',
    iat: nowSeconds(),
    exp: nowSeconds() + 60,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'bff-identity+jwt', kid: developmentKey.kid ?? '' })
    .sign(privateKey);
  const inDevelopment = new AssertionVerifier('orders', new GatewayKeys(developmentTrust));
  expect(await inDevelopment.verify(assertion)).toMatchObject({ gateway: 'urn:bff:tv-bff' });
  await using orders = await startOrders();
  await expect(orders.verify(assertion)).rejects.toThrow('no trusted gateway publishes');
});
