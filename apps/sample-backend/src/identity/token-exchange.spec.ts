import { createRemoteJWKSet, jwtVerify, SignJWT } from 'jose';

import { startSampleBackend, type SampleBackend } from '../sample-backend.js';
import { signIn } from './sign-in.js';
import { tokenExchange } from './token-exchange.js';
import { WebClient } from './web-client.fixture.js';

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

let backend: SampleBackend;
let accessToken: string;
beforeAll(async () => {
  backend = await startSampleBackend();
  const scope = 'openid orders:read catalog:read';
  ({ accessToken } = await signIn({ issuer: backend.urls.identity, login: 'ada', password: 'ada', scope }));
});
afterAll(() => backend.close());

function exchange(changes: Record<string, string | undefined> = {}, clientId = 'mobile-bff') {
  const fields = {
    grant_type: tokenExchange,
    subject_token: accessToken,
    subject_token_type: accessTokenType,
    audience: 'urn:bff:service:orders',
    ...changes,
  };
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return new WebClient({ issuer: backend.urls.identity, clientId }).token(Object.fromEntries(given));
}

test.each(['web-bff', 'mobile-bff'])(
  '%s exchanges the token of a user for one of the same user, for one service',
  async (clientId) => {
    const { status, body } = await exchange({}, clientId);
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        issued_token_type: accessTokenType,
        token_type: 'Bearer',
        expires_in: expect.any(Number),
        scope: 'orders:read catalog:read',
      },
    ]);
    const keys = createRemoteJWKSet(new URL(`${backend.urls.identity}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(String(body['access_token']), keys, {
      issuer: backend.urls.identity,
      audience: 'urn:bff:service:orders',
    });
    expect(protectedHeader.typ).toBe('at+jwt');
    expect(payload).toMatchObject({ sub: '7', client_id: clientId, scope: 'orders:read catalog:read' });
  },
);

test.each(['users', 'orders', 'catalog'])('the service %s can be named as a resource', async (service) => {
  const resource = `urn:bff:service:${service}`;
  expect((await exchange({ audience: undefined, resource })).status).toBe(200);
  expect((await exchange({ audience: resource, resource })).status).toBe(200);
});

test('fewer scopes can be asked for, and none that the user has not given', async () => {
  expect((await exchange({ scope: 'orders:read' })).body['scope']).toBe('orders:read');
  const more = await exchange({ scope: 'orders:read orders:write' });
  expect([more.status, more.body['error']]).toEqual([400, 'invalid_scope']);
});

test('the new token lives no longer than the one it came from', async () => {
  await using short = await startSampleBackend({ accessTokenSeconds: 5 });
  const issuer = short.urls.identity;
  const user = await signIn({ issuer, login: 'ada', password: 'ada' });
  const client = new WebClient({ issuer, clientId: 'mobile-bff' });
  const now = Date.now;
  Date.now = () => now() + 3_000;
  try {
    const { body } = await client.token({
      grant_type: tokenExchange,
      subject_token: user.accessToken,
      subject_token_type: accessTokenType,
      audience: 'urn:bff:service:orders',
    });
    expect([1, 2]).toContain(body['expires_in']);
  } finally {
    Date.now = now;
  }
});

test.each([
  ['no target', { audience: undefined }, 'invalid_target'],
  ['a target that is no service', { audience: 'urn:bff:api' }, 'invalid_target'],
  ['two targets', { resource: 'urn:bff:service:users' }, 'invalid_target'],
  ['no subject token', { subject_token: undefined }, 'invalid_request'],
  ['a subject token that is none', { subject_token: 'a.b.c' }, 'invalid_request'],
  [
    'another kind of subject token',
    { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
    'invalid_request',
  ],
  [
    'another kind of new token',
    { requested_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
    'invalid_request',
  ],
  ['an actor', { actor_token: 'x', actor_token_type: accessTokenType }, 'invalid_request'],
])('%s is refused', async (_, changes, error) => {
  const answer = await exchange(changes);
  expect([answer.status, answer.body['error']]).toEqual([400, error]);
});

test('neither an ID token nor a token that was exchanged already can be exchanged, nor one of another issuer', async () => {
  const { idToken } = await signIn({ issuer: backend.urls.identity, login: 'ada', password: 'ada' });
  const exchanged = String((await exchange()).body['access_token']);
  await using other = await startSampleBackend();
  const foreign = await signIn({ issuer: other.urls.identity, login: 'ada', password: 'ada' });
  const forged = await new SignJWT({ sub: '7', scope: 'orders:write', aud: 'urn:bff:api' })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer(backend.urls.identity)
    .setExpirationTime('1m')
    .sign(Buffer.alloc(32));
  for (const token of [idToken, exchanged, foreign.accessToken, forged]) {
    const { body } = await exchange({ subject_token: token });
    expect(body['error']).toBe('invalid_request');
  }
});

test('a token of before a key rotation can still be exchanged', async () => {
  await backend.rotateKeys();
  expect((await exchange()).status).toBe(200);
});

test('a public client cannot exchange', async () => {
  const body = new URLSearchParams({
    grant_type: tokenExchange,
    client_id: 'mobile-app',
    subject_token: accessToken,
    subject_token_type: accessTokenType,
    audience: 'urn:bff:service:orders',
  });
  const answer = await fetch(`${backend.urls.identity}/token`, { method: 'POST', body });
  expect(answer.status).toBe(400);
});

test('a gateway gets tokens of its own for services, and none for the API of users', async () => {
  const client = new WebClient({ issuer: backend.urls.identity, clientId: 'mobile-bff' });
  const ask = (resource: Record<string, string>) =>
    client.token({ grant_type: 'client_credentials', scope: 'catalog:read', ...resource });
  const answer = await ask({ resource: 'urn:bff:service:catalog' });
  expect([answer.status, answer.body['scope']]).toEqual([200, 'catalog:read']);
  expect((await ask({})).body['error']).toBe('invalid_target');
  expect((await ask({ resource: 'urn:bff:api' })).body['error']).toBe('invalid_target');
});

test('mobile-bff can sign nobody in', async () => {
  const client = new WebClient({ issuer: backend.urls.identity, clientId: 'mobile-bff' });
  expect((await client.open(client.request())).status).toBe(400);
});
