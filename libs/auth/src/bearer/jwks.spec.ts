import { generateKeyPairSync } from 'node:crypto';
import { readJwks } from './jwks.js';

const rsa = (bits = 2048) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
const good = rsa();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

test.each<[string, unknown]>([
  ['an unknown kty', { kty: 'XYZ', kid: 'odd' }],
  ['no kty', { ...good, kty: undefined, kid: 'odd' }],
  ['a modulus of garbage', { ...good, n: '!!!', kid: 'odd' }],
  ['no modulus', { ...good, n: undefined, kid: 'odd' }],
  ['a point that is not on its curve', { ...ec, x: ec.y, kid: 'odd' }],
  ['an unknown curve', { ...ec, crv: 'P-999', kid: 'odd' }],
  ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', kid: 'odd' }],
  ['a key for encryption', { ...good, use: 'enc', kid: 'odd' }],
  ['an RSA key of 1,024 bits', { ...rsa(1024), kid: 'odd' }],
  ['null', null],
  ['a number', 7],
])('%s in a JWKS costs only itself', (_what, odd) => {
  const keys = readJwks({ keys: [odd, { ...good, kid: 'good', alg: 'RS256' }] });
  expect(keys.get('odd')).toBeUndefined();
  expect(keys.get('good')).toMatchObject({ alg: 'RS256' });
});

test('a token without a key id means the only key there is, and none where there are several', () => {
  expect(readJwks({ keys: [{ ...good, kid: 'a' }] }).get(undefined)).toBeDefined();
  expect(
    readJwks({
      keys: [
        { ...good, kid: 'a' },
        { ...ec, kid: 'b' },
      ],
    }).get(undefined),
  ).toBeUndefined();
  expect(readJwks({ keys: [good, { ...ec, kid: 'b' }] }).get(undefined)).toBeUndefined();
});

test.each([{}, [], { keys: {} }, { keys: null }, null, 'text'])('%j is no JWKS', (jwks) => {
  expect(() => readJwks(jwks)).toThrow(/has no keys|null/);
});
