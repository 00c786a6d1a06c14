import { createPublicKey } from 'node:crypto';
import { ProviderKeys } from '@bff/testing';
import type { JWTPayload } from 'jose';
import { readLogoutToken } from './logout-token.js';

const signer = new ProviderKeys();
const expected = { issuer: 'https://provider.example', clientId: 'web-bff' };
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** The issuer's keys: the one that signs, for the algorithm that it is said to be for. */
const keysFor = (alg: string | undefined) => ({
  find: async (kid: string | undefined) =>
    kid === signer.current.kid
      ? { key: createPublicKey({ key: signer.current, format: 'jwk' }), alg }
      : undefined,
  isAway: false,
});
const tokenOf = (claims: JWTPayload, header = {}) => {
  const now = nowSeconds();
  const usual = { iss: expected.issuer, aud: expected.clientId, iat: now, exp: now + 120, jti: 'j', events };
  return signer.sign({ ...usual, ...claims }, header);
};
const read = (token: string, alg: string | undefined = 'RS256') =>
  readLogoutToken(token, keysFor(alg), expected);

test('it says whose sessions are to end, and until when its id must not come again', async () => {
  const exp = nowSeconds() + 60;
  expect(await read(tokenOf({ sub: '7', sid: 's', exp }))).toEqual({
    jti: 'j',
    expiresAtMs: exp * 1_000,
    subject: '7',
    providerSession: 's',
  });
  expect(await read(tokenOf({ sid: 's' }))).not.toHaveProperty('subject');
  expect(await read(tokenOf({ sub: '7' }))).not.toHaveProperty('providerSession');
});

test('a clock that is 20 s wrong is forgiven, and one that is a minute wrong is not', async () => {
  const now = nowSeconds();
  await read(tokenOf({ sub: '7', exp: now - 20 }));
  await read(tokenOf({ sub: '7', iat: now + 20 }));
  await expect(read(tokenOf({ sub: '7', exp: now - 60 }))).rejects.toThrow('"exp"');
  await expect(read(tokenOf({ sub: '7', iat: now + 60 }))).rejects.toThrow('issued in the future');
});

test('a key that is for another algorithm signs nothing', async () => {
  await read(tokenOf({ sub: '7' }), undefined);
  await expect(read(tokenOf({ sub: '7' }), 'PS256')).rejects.toThrow('the key is for PS256');
});

test('one that is too long is not looked at', async () => {
  let looked = 0;
  const find = async () => {
    looked += 1;
    return undefined;
  };
  const token = tokenOf({ sub: '7', more: 'm'.repeat(8_192) });
  await expect(readLogoutToken(token, { find, isAway: false }, expected)).rejects.toThrow('too long');
  expect(looked).toBe(0);
});
