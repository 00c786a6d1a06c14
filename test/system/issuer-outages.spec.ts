import { until } from '@bff/testing';
import type { IssuerAnswer } from '@bff/testing';
import { type Bff, startWebBff } from '../world/bff.js';
import { bearer, expectChallenge } from '../world/token-world.js';

let bff: Bff;
beforeEach(async () => {
  bff = await startWebBff();
});
afterEach(() => bff[Symbol.asyncDispose]());
const call = (token: string) => bff.anonymous.get('/api/dashboard', { headers: bearer(token) });
const unknownKey = () => bff.issuer.mint({ header: { kid: crypto.randomUUID() } });

test('a burst of fifty unknown key ids costs three fetches at most', async () => {
  expect((await bff.ada.get('/api/dashboard')).status).toBe(200);
  const tokens = await Promise.all(Array.from({ length: 50 }, unknownKey));
  const answers = await Promise.all(tokens.map(call));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  expect(bff.issuer.jwksFetches).toBeGreaterThan(0);
  expect(bff.issuer.jwksFetches).toBeLessThanOrEqual(3);
  expect((await bff.ada.get('/api/dashboard')).status).toBe(200);
});

test.each(['error', 'hang'] as const)(
  'an issuer that does not answer (%s) keeps nobody with a known key waiting',
  async (fault) => {
    expect((await bff.ada.get('/api/dashboard')).status).toBe(200);
    bff.issuer.fault = fault;
    const startedMs = performance.now();
    expect((await call(await bff.issuer.mint({ subject: '8' }))).status).toBe(200);
    expect((await call(await unknownKey())).status).toBe(401);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  },
);

test('an issuer that hangs from the start is a 401 in less than two seconds, and forgiven later', async () => {
  bff.issuer.fault = 'hang';
  const startedMs = performance.now();
  expect((await bff.ada.get('/api/dashboard')).status).toBe(401);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  bff.issuer.fault = undefined;
  await until(
    'keys are fetched again',
    async () => (await bff.ada.get('/api/dashboard')).status === 200,
    4_000,
  );
});

test.each<[string, IssuerAnswer]>([
  ['is not JSON', { path: '/jwks', body: 'internal words' }],
  ['is huge', { path: '/jwks', body: `{"keys":[${' '.repeat(1_000_000)}]}` }],
  ['redirects', { path: '/jwks', status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }],
  [
    'belongs to anbff issuer',
    { path: '/.well-known/openid-configuration', body: '{"issuer":"https://evil.example"}' },
  ],
])('a JWKS that %s is a 401', async (_what, fault) => {
  bff.issuer.fault = fault;
  const token = await bff.issuer.mint();
  expectChallenge(await call(token), token);
});

test('keys that cannot be read do not spoil the one that can', async () => {
  const { publicJwk } = bff.issuer;
  for (const odd of [
    { ...publicJwk, kid: 'odd', n: '!!!' },
    { kty: 'XYZ', kid: 'x' },
    { kty: 'RSA', kid: 'y' },
    { kty: 'oct', k: 'AAAA', kid: 'z' },
  ]) {
    bff.issuer.publish(odd);
  }
  bff.issuer.publish({ ...publicJwk, kid: publicJwk.kid ?? '', use: 'enc' });
  expect((await bff.ada.get('/api/dashboard')).status).toBe(200);
});
