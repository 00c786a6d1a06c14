import type { DpopMode } from './dpop-mode.js';
import { mintBound, openBearer } from './open-bearer.fixture.js';

type Scheme = 'Bearer' | 'DPoP';

test.each<[DpopMode, Scheme, 'bound' | 'unbound', number]>([
  ['off', 'Bearer', 'unbound', 200],
  ['off', 'Bearer', 'bound', 401],
  ['off', 'DPoP', 'unbound', 401],
  ['off', 'DPoP', 'bound', 401],
  ['optional', 'Bearer', 'unbound', 200],
  ['optional', 'Bearer', 'bound', 401],
  ['optional', 'DPoP', 'unbound', 401],
  ['optional', 'DPoP', 'bound', 200],
  ['required', 'Bearer', 'unbound', 401],
  ['required', 'Bearer', 'bound', 401],
  ['required', 'DPoP', 'unbound', 401],
  ['required', 'DPoP', 'bound', 200],
])(
  '%s: under %s a token that is %s, with a good proof, is a %i each time',
  async (dpop, scheme, kind, status) => {
    await using server = await openBearer(() => ({ dpop }));
    const token = kind === 'bound' ? await mintBound(server) : await server.issuer.mint();
    for (let round = 0; round < 2; round += 1) {
      const proof = await server.key.proof({ url: `${server.url}/`, token });
      const answer = await server.ask('/', { headers: { authorization: `${scheme} ${token}`, dpop: proof } });
      expect(answer.status).toBe(status);
      if (status === 401) expect(answer.challenge).toContain('error="invalid_token"');
    }
  },
);

test('a bound token that was let in with its proof is not let in without', async () => {
  await using server = await openBearer(() => ({ dpop: 'optional' }));
  const token = await mintBound(server);
  const dpop = await server.key.proof({ url: `${server.url}/`, token });
  expect((await server.ask('/', { headers: { authorization: `dpop ${token}`, dpop } })).status).toBe(200);
  const downgraded = await server.identify(token);
  expect(downgraded.status).toBe(401);
  expect(downgraded.challenge).toMatch(
    /^Bearer realm="bff", error="invalid_token", DPoP realm="bff", algs="/,
  );
});

test.each<[string, unknown]>([
  ['a certificate', { 'x5t#S256': 'A'.repeat(43) }],
  ['a key and a certificate', { jkt: 'A'.repeat(43), 'x5t#S256': 'A'.repeat(43) }],
  ['a key by its name', { kid: 'key-1' }],
  ['nothing', {}],
  ['a thumbprint that is none', { jkt: 'short' }],
  ['a thumbprint in a list', { jkt: ['A'.repeat(43)] }],
  ['text', 'jkt'],
  ['null', null],
])('a token that is bound to %s is refused: nobody here could tell whose it is', async (_what, cnf) => {
  await using server = await openBearer(() => ({ dpop: 'optional' }));
  expect((await server.identify(await server.issuer.mint({ claims: { cnf } }))).status).toBe(401);
});

test('a token that is bound to a key and a certificate is refused, also with a good proof', async () => {
  await using server = await openBearer(() => ({ dpop: 'required' }));
  const cnf = { jkt: server.key.jkt, 'x5t#S256': 'A'.repeat(43) };
  const token = await server.issuer.mint({ claims: { cnf } });
  const dpop = await server.key.proof({ url: `${server.url}/`, token });
  const answer = await server.ask('/', { headers: { authorization: `DPoP ${token}`, dpop } });
  expect(answer.status).toBe(401);
});

test.each<[DpopMode, RegExp, RegExp]>([
  ['off', /^Bearer realm="bff"$/, /Bearer <token>$/],
  ['optional', /^Bearer realm="bff", DPoP realm="bff", algs="[\w ]+"$/, /DPoP <token>/],
  ['required', /^DPoP realm="bff", algs="[\w ]+"$/, /DPoP: <proof>$/],
])('%s: strangers are told how to come in', async (dpop, challenge, invitation) => {
  await using server = await openBearer(() => ({ dpop }));
  expect(server.bearer.challenge).toMatch(challenge);
  expect(server.bearer.invitation).toMatch(invitation);
});

test('whoever came in with a proof is known to an overloaded process', async () => {
  await using server = await openBearer(() => ({ dpop: 'required' }));
  const token = await mintBound(server);
  const headers = {
    authorization: `DPoP ${token}`,
    dpop: await server.key.proof({ url: `${server.url}/`, token }),
  };
  const knows = async (): Promise<string> => (await server.ask('/knows', { headers })).text;
  expect(await knows()).toBe('false');
  await server.ask('/', { headers });
  expect(await knows()).toBe('true');
});
