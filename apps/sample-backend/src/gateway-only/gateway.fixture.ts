import { createServer } from 'node:http';

import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

import { answerJson } from '../answer-json.js';

interface SigningKey {
  privateKey: CryptoKey;
  jwk: JWK;
}

export interface Assertion {
  audience: string;
  /** Nobody when not given. */
  userId?: string | undefined;
  scope?: string;
  /** Of the header; what a gateway writes when not given. */
  header?: Record<string, unknown>;
  /** In place of what a gateway writes; undefined takes one away. */
  claims?: Record<string, unknown>;
}

/** What services see of a gateway: a key of its own, published by a real HTTP server, and assertions signed with it. */
export async function startGatewayFixture() {
  let key = await createKey('one');
  let fetches = 0;
  const published: JWK[] = [key.jwk];
  const server = createServer((_req, res) => {
    fetches++;
    answerJson(res, 200, { keys: published });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    /** As JSON Web Keys; a test may add to them. */
    published,
    fetches: () => fetches,
    sign: (assertion: Assertion) => sign(key, assertion),
    /** Signs with a new key from now on, and publishes it as well. */
    rotate: async () => {
      key = await createKey('two');
      published.unshift(key.jwk);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function createKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
}

function sign({ privateKey, jwk }: SigningKey, assertion: Assertion): Promise<string> {
  const { audience, userId, scope, header, claims } = assertion;
  const iat = Math.floor(Date.now() / 1_000);
  const usual = { iss: 'urn:bff:web-bff', aud: audience, sub: userId, scope, iat, exp: iat + 60 };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'bff-identity+jwt', kid: jwk.kid ?? '', ...header })
    .sign(privateKey, { crit: { 'urn:new': true } });
}
