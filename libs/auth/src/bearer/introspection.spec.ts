import { HandlerFake, Issuer, type IssuerAnswer, until } from '@bff/testing';
import { mintBound, later, type OpenBearer, openBearer } from './open-bearer.fixture.js';

const secondMs = 1_000;
const credentials = ({ introspection: { client } }: Issuer) => ({
  clientId: client.id,
  clientSecret: client.secret,
});

let server: OpenBearer;
beforeEach(async () => {
  server = await openBearer((issuer) => ({ dpop: 'optional', introspection: credentials(issuer) }));
});
afterEach(() => server[Symbol.asyncDispose]());

const statusOf = async (token: string): Promise<number> => (await server.identify(token)).status;
const asked = (): number => server.issuer.introspection.asked;

test('a token that was revoked is refused when its answer is half a minute old', async () => {
  const token = await server.issuer.mint();
  expect(await statusOf(token)).toBe(200);
  server.issuer.introspection.revoke(token);
  expect(await statusOf(token)).toBe(200);
  await later(31 * secondMs, async () => {
    const answer = await server.identify(token);
    expect([answer.status, answer.challenge]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
    expect(await server.knows(token)).toBe(false);
  });
});

test('a token that was revoked before it came is refused at once, and stays so', async () => {
  const token = await server.issuer.mint();
  server.issuer.introspection.revoke(token);
  expect([await statusOf(token), await statusOf(token)]).toEqual([401, 401]);
  expect(asked()).toBe(1);
  expect(await server.knows(token)).toBe(false);
});

test('the issuer is asked once in half a minute, however many calls come, also at once', async () => {
  const token = await server.issuer.mint();
  const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(token)));
  expect(new Set(statuses)).toEqual(new Set([200]));
  for (let round = 0; round < 10; round += 1) await statusOf(token);
  expect(asked()).toBe(1);
  await later(31 * secondMs, async () => {
    await Promise.all(Array.from({ length: 50 }, () => statusOf(token)));
  });
  expect(asked()).toBe(2);
});

test('it is asked about no token that is not good by itself', async () => {
  const expired = await server.issuer.mint({ expiresInSeconds: -100 });
  const bound = await mintBound(server);
  expect([await statusOf('garbage'), await statusOf(expired), await statusOf(bound)]).toEqual([
    401, 401, 401,
  ]);
  expect(asked()).toBe(0);
});

test('a bound token is checked too, behind its proof', async () => {
  const token = await mintBound(server);
  const call = async () => {
    const dpop = await server.key.proof({ url: `${server.url}/`, token });
    return (await server.ask('/', { headers: { authorization: `DPoP ${token}`, dpop } })).status;
  };
  expect(await call()).toBe(200);
  server.issuer.introspection.revoke(token);
  await later(31 * secondMs, async () => expect(await call()).toBe(401));
});

test('an answer never counts beyond the token’s expiry', async () => {
  const token = await server.issuer.mint({ expiresInSeconds: 10 });
  expect(await statusOf(token)).toBe(200);
  // The clocks may differ by this much, so the token alone is still good.
  await later(15 * secondMs, async () => expect(await statusOf(token)).toBe(401));
  expect(asked()).toBe(2);
});

describe('while the issuer does not answer', () => {
  const path = '/introspect' as const;
  test.each<[string, IssuerAnswer | 'error' | 'hang']>([
    ['fails', 'error'],
    ['hangs', 'hang'],
    ['wants other credentials', { path, status: 401, body: '{"error":"invalid_client"}' }],
    ['cannot tell of such tokens', { path, status: 400, body: '{"error":"unsupported_token_type"}' }],
    ['answers no JSON', { path, body: '<html>' }],
    ['answers null', { path, body: 'null' }],
    ['answers yes in words', { path, body: '{"active":"true"}' }],
    ['answers without an end', { path, body: `{"active":true,"more":"${'m'.repeat(100_000)}"}` }],
  ])(
    'because it %s, a token it never vouched for is a 503, and all is well afterwards',
    async (_what, fault) => {
      const [known, unknown] = [await server.issuer.mint(), await server.issuer.mint()];
      expect(await statusOf(known)).toBe(200);
      server.issuer.fault = fault;
      const answer = await server.identify(unknown);
      expect(answer.status).toBe(503);
      expect(answer.retryAfter).toMatch(/^[2-4]$/);
      expect(answer.text).toBe('Access tokens cannot be checked at the moment.');
      server.issuer.fault = undefined;
      expect(await statusOf(unknown)).toBe(200);
    },
  );

  test('because it redirects, nobody is asked in its place', async () => {
    await using elsewhere = await HandlerFake.start(
      (_request, response) => void response.end('{"active":true}'),
    );
    server.issuer.fault = { path, status: 307, headers: { location: elsewhere.url }, body: '' };
    expect(await statusOf(await server.issuer.mint())).toBe(503);
    expect(elsewhere.seen).toEqual([]);
  });

  test('a token it vouched for works four times as long, and no longer', async () => {
    const token = await server.issuer.mint();
    expect(await statusOf(token)).toBe(200);
    server.issuer.fault = 'error';
    await later(31 * secondMs, async () => expect(await statusOf(token)).toBe(200));
    await later(119 * secondMs, async () => expect(await statusOf(token)).toBe(200));
    await later(121 * secondMs, async () => expect(await statusOf(token)).toBe(503));
  });

  test('a token it has called revoked stays refused', async () => {
    const token = await server.issuer.mint();
    server.issuer.introspection.revoke(token);
    expect(await statusOf(token)).toBe(401);
    server.issuer.fault = 'error';
    await later(31 * secondMs, async () => expect(await statusOf(token)).toBe(401));
  });

  test('nobody waits for long, and after three failures it is asked once in a second', async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 30 }, () => server.issuer.mint()));
    await statusOf(first ?? '');
    server.issuer.fault = { path, status: 500, body: '' };
    const [before, startedMs] = [asked(), performance.now()];
    for (const token of others) expect(await statusOf(token)).toBe(503);
    const seconds = Math.ceil((performance.now() - startedMs) / 1_000);
    expect(asked() - before).toBeLessThanOrEqual(3 + seconds + 1);
    server.issuer.fault = undefined;
    await until('it is asked again', async () => (await statusOf(others[0] ?? '')) === 200);
    for (const token of others) expect(await statusOf(token)).toBe(200);
  });
});

test('an address of its own is asked in place of the one that the issuer names', async () => {
  await using elsewhere = await HandlerFake.start(
    (_request, response) => void response.end('{"active":true}'),
  );
  await using other = await openBearer((issuer) => ({
    introspection: { ...credentials(issuer), url: `${elsewhere.url}/tokens/introspect` },
  }));
  expect((await other.identify(await other.issuer.mint())).status).toBe(200);
  expect(elsewhere.seen.map(({ method, url }) => [method, url])).toEqual([['POST', '/tokens/introspect']]);
});
