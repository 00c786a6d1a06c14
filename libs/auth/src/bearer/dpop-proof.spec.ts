import { createHash } from 'node:crypto';
import { createStore, MemoryStore } from '@bff/store';
import { DpopKey, findFreePort, type ProofOptions } from '@bff/testing';
import { type BearerAnswer, later, mintBound, type OpenBearer, openBearer } from './open-bearer.fixture.js';

let server: OpenBearer;
let token: string;
beforeAll(async () => {
  server = await openBearer(() => ({ dpop: 'optional' }));
  token = await mintBound(server);
});
afterAll(() => server[Symbol.asyncDispose]());

type Change = Partial<ProofOptions> & { readonly key?: DpopKey };

/** Sends the token with a proof that is good but for the changes. */
async function call(path: string, change: Change = {}, method = 'GET'): Promise<BearerAnswer> {
  const { key = server.key, ...options } = change;
  return send(path, await key.proof({ method, url: server.url + path, token, ...options }), method);
}

function send(path: string, dpop: string, method = 'GET'): Promise<BearerAnswer> {
  return server.ask(path, { method, headers: { authorization: `DPoP ${token}`, dpop } });
}

function expectRefused(answer: BearerAnswer, why: string | RegExp): void {
  expect([answer.status, answer.text]).toEqual([401, expect.stringMatching(why)]);
  expect(answer.challenge).toMatch(
    /^Bearer realm="bff", DPoP realm="bff", error="invalid_dpop_proof", algs="RS256 /,
  );
}

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

test.each(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA', 'Ed25519'])(
  'a proof signed with %s is taken, call after call',
  async (alg) => {
    const key = await DpopKey.create(alg);
    const bound = await mintBound({ ...server, key });
    for (let round = 0; round < 3; round += 1) {
      const proof = await key.proof({ url: `${server.url}/`, token: bound });
      const answer = await server.ask('/', { headers: { authorization: `DPoP ${bound}`, dpop: proof } });
      expect(answer).toMatchObject({ status: 200, text: '7' });
    }
  },
);

describe('a proof for this very request is taken', () => {
  test.each<[string, string, Change]>([
    ['whose query is not in htu', '/orders?cursor=1', { url: 'URL/orders' }],
    ['whose query is another', '/orders?cursor=1', { url: 'URL/orders?cursor=2#top' }],
    ['whose host is written in capitals', '/', { url: 'HTTP://LOCALHOST:PORT/' }],
    ['whose path needs no escape', '/or%64ers/%c3%a9', { url: 'URL/orders/%C3%A9' }],
    ['made 50 s ago by our clock', '/', { claims: { iat: nowSeconds() - 50 } }],
    ['made 50 s ahead of our clock', '/', { claims: { iat: nowSeconds() + 50 } }],
    ['with a nonce that nobody asked for', '/', { claims: { nonce: 'n' } }],
  ])('%s', async (_what, path, { url, ...change }) => {
    const here = server.url.replace('127.0.0.1', 'localhost');
    const htu = url?.replace('URL', here).replace('PORT', new URL(here).port) ?? `${here}${path}`;
    const headers = {
      authorization: `DPoP ${token}`,
      dpop: await server.key.proof({ url: htu, token, ...change }),
    };
    const answer = await fetch(here + path, { headers });
    expect([answer.status, await answer.text()]).toEqual([200, '7']);
  });

  test('behind a proxy that is ours, for the address that the proxy was asked for', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example.com' };
    const ask = async (url: string): Promise<BearerAnswer> => {
      const dpop = await server.key.proof({ url, token });
      return server.ask('/v1/home', { headers: { ...forwarded, authorization: `DPoP ${token}`, dpop } });
    };
    expect(await ask('https://api.example.com/v1/home')).toMatchObject({ status: 200 });
    expect(await ask('https://api.example.com:443/v1/home')).toMatchObject({ status: 200 });
    expectRefused(await ask('http://api.example.com/v1/home'), 'htu');
    expectRefused(await ask(`${server.url}/v1/home`), 'htu');
  });

  test('of another method, when it says so', async () => {
    expect(await call('/orders', {}, 'POST')).toMatchObject({ status: 200 });
    expectRefused(await call('/orders', { method: 'GET' }, 'POST'), 'htm');
    expectRefused(await call('/orders', { method: 'post' }, 'POST'), 'htm');
  });
});

describe('a proof is refused', () => {
  test.each<[string, Change, string]>([
    ['for another path', { url: 'URL/other' }, 'htu'],
    ['for a path that only begins alike', { url: 'URL/orders/42' }, 'htu'],
    ['for a path with another escape', { url: 'URL/%6frders%2f' }, 'htu'],
    ['for another host', { url: 'http://evil.example/orders' }, 'htu'],
    ['for another port', { url: 'http://127.0.0.1:1/orders' }, 'htu'],
    ['for another scheme', { url: 'https://HOST/orders' }, 'htu'],
    ['for an address with a user', { url: 'http://me:me@HOST/orders' }, 'htu'],
    ['for a path alone', { url: '/orders' }, 'htu'],
    ['without htu', { claims: { htu: undefined } }, 'htu'],
    ['with htu in a list', { claims: { htu: ['URL/orders'] } }, 'htu'],
    ['without htm', { claims: { htm: undefined } }, 'htm'],
    ['made 70 s ago', { claims: { iat: nowSeconds() - 70 } }, 'iat'],
    ['made 90 s ahead', { claims: { iat: nowSeconds() + 90 } }, 'iat'],
    ['without iat', { claims: { iat: undefined } }, 'iat'],
    ['with iat as text', { claims: { iat: String(nowSeconds()) } }, 'times'],
    ['that has expired', { claims: { exp: nowSeconds() - 90 } }, 'times'],
    ['that is not valid yet', { claims: { nbf: nowSeconds() + 90 } }, 'times'],
    ['without jti', { claims: { jti: undefined } }, 'jti'],
    ['with an empty jti', { claims: { jti: '' } }, 'jti'],
    ['with a jti of 300 characters', { claims: { jti: 'j'.repeat(300) } }, 'jti'],
    ['with a numeric jti', { claims: { jti: 7 } }, 'jti'],
    ['without ath', { claims: { ath: undefined } }, 'ath'],
    ['for another token', { token: 'another' }, 'ath'],
    ['with the token itself as ath', { claims: { ath: 'TOKEN' } }, 'ath'],
    ['with ath as hex', { claims: { ath: createHash('sha256').update('TOKEN').digest('hex') } }, 'ath'],
    ['of no type', { header: { typ: undefined } }, 'typ'],
    ['of the type of an access token', { header: { typ: 'at+jwt' } }, 'typ'],
    ['without its key', { header: { jwk: undefined } }, 'jwk is missing'],
    ['with a key that is text', { header: { jwk: 'key' } }, 'jwk is missing'],
    ['with a secret as its key', { header: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } }, 'not public'],
    ['with a key of an unknown kind', { header: { jwk: { kty: 'AKP', pub: 'AAAA' } } }, 'no known kind'],
    [
      'with a key of a kind that every object has',
      { header: { jwk: { kty: 'constructor' } } },
      'no known kind',
    ],
    ['with half a key', { header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AAAA' } } }, 'not whole'],
    [
      'with a point that is on no curve',
      { header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } } },
      'jwk',
    ],
    ['with a jku', { header: { jku: 'http://127.0.0.1:1/' } }, 'jku'],
    ['with an x5u', { header: { x5u: 'http://127.0.0.1:1/' } }, 'x5u'],
    ['with an x5c', { header: { x5c: ['MIIB'] } }, 'x5c'],
    ['with a crit', { header: { crit: ['b64'], b64: true } }, 'crit'],
    ['of 6 KB', { claims: { more: 'm'.repeat(4_500) } }, 'too long'],
    [
      'of fifty nested arrays',
      { claims: { more: JSON.parse('['.repeat(50) + ']'.repeat(50)) as object } },
      'deep',
    ],
  ])('%s', async (_what, change, why) => {
    const text = JSON.stringify(change);
    const host = new URL(server.url).host;
    const filled = text.replaceAll('URL', server.url).replaceAll('HOST', host).replaceAll('TOKEN', token);
    const lost = (part: object | undefined): object =>
      Object.fromEntries(Object.entries(part ?? {}).filter(([, value]) => value === undefined));
    const { header, claims, ...rest } = JSON.parse(filled) as Change;
    const made = {
      ...rest,
      header: { ...header, ...lost(change.header) },
      claims: { ...claims, ...lost(change.claims) },
    };
    expectRefused(await call('/orders', made), why);
  });

  test('that brings the private key along', async () => {
    expectRefused(await call('/', { header: { jwk: server.key.privateJwk } }), 'not public');
  });

  test('that was used before, also by another method and for another address', async () => {
    const claims = { jti: 'once' };
    expect(await call('/', { claims })).toMatchObject({ status: 200 });
    expectRefused(await call('/', { claims }), 'used before');
    expectRefused(await call('/orders', { claims }, 'POST'), 'used before');
  });

  test('that is sent fifty times at once, but for one', async () => {
    const proof = await server.key.proof({ url: `${server.url}/`, token });
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('/', proof)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
  });

  test('that was used before, until it would not be taken any more for its age', async () => {
    const proof = await server.key.proof({
      url: `${server.url}/`,
      token,
      claims: { iat: nowSeconds() + 55 },
    });
    expect(await send('/', proof)).toMatchObject({ status: 200 });
    await later(110_000, async () => expectRefused(await send('/', proof), 'used before'));
    await later(125_000, async () => expectRefused(await send('/', proof), 'iat'));
  });

  test('signed with another key than the token is bound to', async () => {
    expectRefused(await call('/', { key: await DpopKey.create() }), 'another key');
  });

  test('signed with another key than it names', async () => {
    const thief = await DpopKey.create();
    expectRefused(await call('/', { key: thief, header: { jwk: server.key.publicJwk } }), 'signature');
  });

  test.each(['none', 'HS256', 'ES384', 'RS256', 'ES256K', 'es256'])(
    'that claims to be signed with %s',
    async (alg) => {
      const [, claims = '', signature = ''] = (
        await server.key.proof({ url: `${server.url}/`, token })
      ).split('.');
      const header = Buffer.from(
        JSON.stringify({ alg, typ: 'dpop+jwt', jwk: server.key.publicJwk }),
      ).toString('base64url');
      expectRefused(await send('/', `${header}.${claims}.${signature}`), /alg|signature/);
    },
  );

  test.each(['', 'garbage', '..', 'a.b', '{}', 'a.b.c.d'])('that is "%s"', async (proof) => {
    expectRefused(await send('/', proof), 'compact JWS');
  });

  test('that is missing, or there twice', async () => {
    expectRefused(await server.ask('/', { headers: { authorization: `DPoP ${token}` } }), 'there is none');
    const [one, two] = [
      await server.key.proof({ url: `${server.url}/`, token }),
      await server.key.proof({ url: `${server.url}/`, token }),
    ];
    expectRefused(await send('/', `${one}, ${two}`), 'compact JWS');
  });
});

test('a store that does not answer is a 503, and nobody is let in', async () => {
  const store = createStore({ url: `redis://127.0.0.1:${await findFreePort()}` });
  await using _closing = { [Symbol.asyncDispose]: () => store.close() };
  await using away = await openBearer(() => ({ dpop: 'required', store }));
  const bound = await mintBound(away);
  const proof = await away.key.proof({ url: `${away.url}/`, token: bound });
  const answer = await away.ask('/', { headers: { authorization: `DPoP ${bound}`, dpop: proof } });
  expect([answer.status, answer.text]).toEqual([503, 'DPoP proofs cannot be checked at the moment.']);
});

test('two gateways with one store take a proof once', async () => {
  const store = new MemoryStore();
  await using here = await openBearer(() => ({ dpop: 'required', store }));
  await using there = await openBearer(() => ({
    dpop: 'required',
    store,
    issuer: here.issuer.url,
  }));
  const bound = await mintBound(here);
  const headers = {
    authorization: `DPoP ${bound}`,
    dpop: await here.key.proof({ url: 'https://api.example.com/', token: bound }),
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'api.example.com',
  };
  expect((await here.ask('/', { headers })).status).toBe(200);
  expect((await there.ask('/', { headers })).text).toContain('used before');
});
