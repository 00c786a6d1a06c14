import { until } from '@bff/testing';
import { type MobileBff, startMobileBff } from '../world/bff.js';
import { writeGatewayConfig } from '../world/gateway-config.js';
import { bearer, expectChallenge } from '../world/token-world.js';

/** A gateway that believes what the issuer says of a token for so long. */
async function open(rememberFor: string): Promise<MobileBff> {
  const bearerEntry = { introspection: { rememberFor } };
  using config = writeGatewayConfig('mobile-bff', { auth: { bearer: bearerEntry } });
  // As `Issuer` knows its one client.
  const client = { OIDC_CLIENT_ID: 'gateway:test', OIDC_CLIENT_SECRET: 'a secret+/%&=' };
  return await startMobileBff({ GATEWAY_CONFIG: config.path, ...client });
}

test('a token that its issuer has revoked stops working within the time that an answer counts', async () => {
  await using bff = await open('100ms');
  const token = await bff.issuer.mint();
  const call = () => bff.anonymous.get('/v1/home', { headers: bearer(token) });
  expect((await call()).status).toBe(200);
  bff.issuer.introspection.revoke(token);
  await until('it is refused', async () => (await call()).status === 401);
  const callsBefore = bff.users.calls.length;
  expectChallenge(await call(), token);
  expect(bff.users.calls).toHaveLength(callsBefore);
  expect((await bff.ada.get('/v1/home')).status).toBe(200);
});

test('an issuer that is asked costs one question for many calls', async () => {
  await using bff = await open('30s');
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => (await bff.ada.get('/v1/home')).status),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(bff.issuer.introspection.asked).toBe(1);
});

test.each(['error', 'hang'] as const)(
  'while the issuer does not answer (%s), new tokens get a 503 soon, and those it has just vouched for work',
  async (fault) => {
    await using bff = await open('30s');
    expect((await bff.ada.get('/v1/home')).status).toBe(200);
    const unknown = await bff.issuer.mint({ subject: '8' });
    bff.issuer.fault = fault;
    const startedMs = performance.now();
    const answer = await bff.anonymous.get('/v1/home', { headers: bearer(unknown) });
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    expect([answer.status, answer.body]).toMatchObject([503, { type: 'urn:bff:overloaded' }]);
    expect(answer.headers['retry-after']).toMatch(/^[2-4]$/);
    expect((await bff.ada.get('/v1/home')).status).toBe(200);
  },
);
