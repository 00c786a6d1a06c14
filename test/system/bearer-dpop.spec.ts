import { type Answer, brokerTestTimeoutMs, describeWithBroker, DpopKey, startRedis } from '@bff/testing';
import { type Bff, startMobileBff } from '../world/bff.js';
import { type ConfigFile, writeGatewayConfig } from '../world/gateway-config.js';
import { headersAtServices } from '../world/upstream-headers.js';

const configOf = (dpop: string): ConfigFile =>
  writeGatewayConfig('mobile-bff', { auth: { bearer: { dpop } } });

/** A client with a key, and a token that is bound to it. */
async function openClient(bff: Bff) {
  const key = await DpopKey.create();
  const token = await bff.issuer.mint({ claims: { cnf: { jkt: key.jkt } } });
  const proof = (path: string, method = 'GET') => key.proof({ method, url: bff.gateway.url + path, token });
  const send = (path: string, dpop: string, scheme = 'DPoP'): Promise<Answer> =>
    bff.anonymous.get(path, { headers: { authorization: `${scheme} ${token}`, dpop } });
  return { key, token, proof, send, get: async (path: string) => send(path, await proof(path)) };
}
type Client = Awaited<ReturnType<typeof openClient>>;

describe('a gateway that takes bound tokens', () => {
  let bff: Bff;
  let client: Client;
  beforeAll(async () => {
    using config = configOf('optional');
    bff = await startMobileBff({ GATEWAY_CONFIG: config.path, TRUST_PROXY: '1' });
    client = await openClient(bff);
  });
  afterAll(() => bff[Symbol.asyncDispose]());

  const expectRefused = (answer: Answer, error: string): void => {
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ type: 'urn:bff:unauthenticated' });
    expect(answer.headers['www-authenticate']).toMatch(
      new RegExp(`(Bearer|DPoP) realm="bff", error="${error}"`),
    );
  };

  test('lets a caller with proof in, call after call, and services see nothing of it', async () => {
    expect((await client.get('/v1/home')).body).toMatchObject({ name: 'Ada Lovelace' });
    expect((await client.get('/v1/orders?limit=2')).status).toBe(200);
    const seen = JSON.stringify(headersAtServices(bff));
    expect(seen).toContain('"x-user-id":"7"');
    expect(seen).not.toMatch(/dpop/i);
    expect(seen).not.toContain(client.token.split('.')[2]);
  });

  test('lets callers whose token is not bound in as before', async () => {
    expect((await bff.ada.get('/v1/home')).status).toBe(200);
  });

  test('refuses a stolen token, without a proof or with an old one, and no service hears of it', async () => {
    const proof = await client.proof('/v1/home');
    expect((await client.send('/v1/home', proof)).status).toBe(200);
    const callsBefore = bff.users.calls.length;
    expectRefused(await client.send('/v1/home', proof), 'invalid_dpop_proof');
    expectRefused(await client.send('/v1/home', ''), 'invalid_dpop_proof');
    expectRefused(await client.send('/v1/home', await client.proof('/v1/home'), 'Bearer'), 'invalid_token');
    expectRefused(await client.send('/v1/home', await client.proof('/v1/orders')), 'invalid_dpop_proof');
    expectRefused(
      await client.send('/v1/home', await client.proof('/v1/home', 'POST')),
      'invalid_dpop_proof',
    );
    expect(bff.users.calls).toHaveLength(callsBefore);
  });

  test('goes by the address that its own proxy was asked for', async () => {
    const { key, token } = client;
    const call = async (url: string): Promise<number> => {
      const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example.com' };
      const headers = { authorization: `DPoP ${token}`, dpop: await key.proof({ url, token }), ...forwarded };
      return (await bff.anonymous.get('/v1/home', { headers })).status;
    };
    expect(await call('https://api.example.com/v1/home')).toBe(200);
    expect(await call(`${bff.gateway.url}/v1/home`)).toBe(401);
  });

  test('tells strangers both ways', async () => {
    const answer = await bff.anonymous.get('/v1/home');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="bff", DPoP realm="bff", algs="RS256 /);
  });

  test('takes the proof of a batch for all the calls in it', async () => {
    const { token, proof } = client;
    const calls = ['/v1/home', '/v1/orders/42'].map((path) => ({ method: 'GET', path }));
    const headers = { authorization: `DPoP ${token}`, dpop: await proof('/v1/batch', 'POST') };
    const answer = await bff.anonymous.post('/v1/batch', { calls }, { headers });
    expect(answer.body).toMatchObject({ results: [{ status: 200 }, { status: 200 }] });
  });
});

test('a gateway that knows nothing of bindings refuses a bound token: without its proof it may be stolen', async () => {
  await using bff = await startMobileBff();
  const client = await openClient(bff);
  expect((await client.get('/v1/home')).status).toBe(401);
  expect((await client.send('/v1/home', '', 'Bearer')).status).toBe(401);
});

test('behind no proxy of its own, what a caller says about one counts for nothing', async () => {
  using config = configOf('required');
  await using bff = await startMobileBff({ GATEWAY_CONFIG: config.path });
  const { key, token, get } = await openClient(bff);
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example.com' };
  const dpop = await key.proof({ url: 'https://api.example.com/v1/home', token });
  const headers = { authorization: `DPoP ${token}`, dpop, ...forwarded };
  expect((await bff.anonymous.get('/v1/home', { headers })).status).toBe(401);
  expect((await get('/v1/home')).status).toBe(200);
  expect((await bff.ada.get('/v1/home')).status).toBe(401);
});

describeWithBroker('redis', () => {
  test(
    'a proof is good at one of two replicas; and while Redis is away at none, with a 503',
    async () => {
      await using redis = await startRedis();
      using config = configOf('required');
      const environment = { GATEWAY_CONFIG: config.path, REDIS_URL: redis.url, TRUST_PROXY: '1' };
      await using here = await startMobileBff(environment);
      await using there = await startMobileBff({ ...environment, OIDC_ISSUER: here.issuer.url });
      const { key, token } = await openClient(here);
      const url = 'https://api.example.com/v1/home';
      const sign = async () => ({
        authorization: `DPoP ${token}`,
        dpop: await key.proof({ url, token }),
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'api.example.com',
      });
      const headers = await sign();
      const at = async ({ anonymous }: Bff, sent: Record<string, string>): Promise<Answer> =>
        anonymous.get('/v1/home', { headers: sent });
      expect((await at(here, headers)).status).toBe(200);
      expect((await at(there, headers)).status).toBe(401);
      await redis.stop();
      const refused = await at(there, await sign());
      expect([refused.status, refused.body]).toMatchObject([503, { type: 'urn:bff:overloaded' }]);
      expect(refused.headers['retry-after']).toBeDefined();
    },
    brokerTestTimeoutMs,
  );
});
