import { readClaims } from './token-claims.js';

const nowSeconds = Math.floor(Date.now() / 1_000);
const claims = { sub: '7', exp: nowSeconds + 600, scope: 'a b' };

test('a caller is who the subject is, with its scopes', () => {
  expect(readClaims(claims)).toEqual({
    caller: { id: '7', scopes: new Set(['a', 'b']) },
    expiresAt: claims.exp,
    jkt: undefined,
  });
});

test('how and when its user has signed in is known where the token says it', () => {
  const { caller } = readClaims({ ...claims, auth_time: nowSeconds - 60, acr: 'urn:mfa' });
  expect(caller.authentication).toEqual({ acr: 'urn:mfa', atMs: (nowSeconds - 60) * 1_000 });
});

test.each([undefined, null, '1', NaN, Infinity, nowSeconds + 600])(
  'an auth_time of %p is none: what needs it is refused then',
  (time) => {
    expect(readClaims({ ...claims, auth_time: time, acr: 'urn:mfa' }).caller.authentication).toBeUndefined();
  },
);

test('a subject cannot pass for an API key', () => {
  expect(() => readClaims({ ...claims, sub: 'api-key:partner' })).toThrow('sub');
});
