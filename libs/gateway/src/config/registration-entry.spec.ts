import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { parseGatewayFile } from './read-gateway-file.js';
import { toRegistrationConfig } from './registration-entry.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const base64 = (key: KeyObject, type: 'spki' | 'pkcs8') =>
  key.export({ format: 'der', type }).toString('base64');
const pem = publicKey.export({ format: 'pem', type: 'spki' });

function read(keys: readonly unknown[], environment: Record<string, string> = {}) {
  const issuer = { keys, prefixes: ['/api/reviews'], targets: ['http://reviews:8080'] };
  const file = { upstreams: {}, registration: { redis: 'redis://redis:6379', issuers: { reviews: issuer } } };
  return parseGatewayFile('gateway.yaml', JSON.stringify(file, null, 1), environment);
}

function configOf(keys: readonly unknown[], environment?: Record<string, string>) {
  const result = read(keys, environment);
  if ('mistakes' in result) throw new Error(result.mistakes.join());
  return toRegistrationConfig(result.file.registration);
}

test('a key is the same one as PEM, as the base64 in it and as JWK', () => {
  const { issuers } = configOf([pem, base64(publicKey, 'spki'), publicKey.export({ format: 'jwk' })]);
  const ids = issuers['reviews']?.keys.map(({ id }) => id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
});

test('a key may come from the environment', () => {
  const { redisUrl, issuers } = configOf(['${KEY:}'], { KEY: base64(publicKey, 'spki') });
  expect([redisUrl, issuers['reviews']?.keys.length]).toEqual(['redis://redis:6379', 1]);
});

test('without a key nobody is believed, and nothing is heard', () => {
  expect(configOf(['${KEY:}'])).toEqual({ redisUrl: undefined, issuers: {} });
});

test.each([
  ['a private key in base64', base64(privateKey, 'pkcs8'), 'is a private key'],
  ['a private key as PEM', privateKey.export({ format: 'pem', type: 'pkcs8' }), 'is a private key'],
  ['no key at all', 'abc', 'expected a public key of Ed25519 or P-256, as PEM, base64 or JWK'],
])('%s is refused with its line, and not repeated', (_what, key, why) => {
  const result = read([key]);
  const mistakes = 'mistakes' in result ? result.mistakes : [];
  expect(mistakes).toEqual([
    expect.stringMatching(/^gateway\.yaml:\d+: registration\.issuers\.reviews\.keys\.0: /),
  ]);
  expect(mistakes[0]).toContain(why);
  expect(mistakes[0]).not.toContain(key);
});
