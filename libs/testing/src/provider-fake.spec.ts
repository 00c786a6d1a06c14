import { createHash } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { ProviderFake } from './provider-fake.js';

let provider: ProviderFake;
beforeAll(async () => {
  provider = await ProviderFake.start();
});
afterEach(() => {
  provider.lies = {};
});
afterAll(() => provider[Symbol.asyncDispose]());

const verifier = 'v'.repeat(43);
const redirectUri = 'http://bff.example/bff/callback';

/** The query of a callback. */
async function authorize(more: Record<string, string> = {}): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    redirect_uri: redirectUri,
    state: 's',
    nonce: 'n',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...more,
  });
  const answer = await fetch(`${provider.url}/authorize?${query.toString()}`, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams;
}

async function post(form: Record<string, string>, { id, secret } = provider.client) {
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
  const answer = await fetch(`${provider.url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams(form),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

const redeem = (code: string, more: Record<string, string> = {}) =>
  post({
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
    ...more,
  });
const refresh = (token = '') => post({ grant_type: 'refresh_token', refresh_token: token });

test('whoever comes is sent back signed in, with an ID token that its keys verify', async () => {
  const back = await authorize();
  expect([back.get('state'), back.get('iss')]).toEqual(['s', provider.url]);
  const { body } = await redeem(back.get('code') ?? '');
  const keys = createLocalJWKSet({ keys: [...provider.keys.published] });
  const { payload } = await jwtVerify(body['id_token'] ?? '', keys, {
    issuer: provider.url,
    audience: provider.client.id,
  });
  expect(payload).toMatchObject({ sub: '7', nonce: 'n' });
});

test.each<[string, Record<string, string>]>([
  ['without its verifier', { code_verifier: 'x' }],
  ['for another address', { redirect_uri: 'http://evil.example/' }],
])('a code is not redeemed %s, nor after that', async (_what, more) => {
  const code = (await authorize()).get('code') ?? '';
  expect((await redeem(code, more)).body).toEqual({ error: 'invalid_grant' });
  expect((await redeem(code)).status).toBe(400);
});

test('nobody but its client gets tokens', async () => {
  const code = (await authorize()).get('code') ?? '';
  const strangers = [
    { id: provider.client.id, secret: 'x' },
    { id: 'x', secret: provider.client.secret },
  ];
  for (const stranger of strangers)
    expect(await post({ grant_type: 'authorization_code', code }, stranger)).toEqual({
      status: 401,
      body: { error: 'invalid_client' },
    });
});

test('a refresh token that comes for the second time ends all that came of it', async () => {
  const first = (await redeem((await authorize()).get('code') ?? '')).body['refresh_token'];
  const second = (await refresh(first)).body['refresh_token'];
  expect((await refresh(first)).body).toEqual({ error: 'invalid_grant' });
  expect((await refresh(second)).status).toBe(400);
});

test('it lies when it is told to, and only then', async () => {
  provider.lies = { tokens: { access_token: undefined }, at: { jwks: { answer: { status: 500 } } } };
  const { body } = await redeem((await authorize()).get('code') ?? '');
  expect(body).not.toHaveProperty('access_token');
  expect((await fetch(`${provider.url}/jwks`)).status).toBe(500);
  provider.lies = {};
  expect((await fetch(`${provider.url}/jwks`)).status).toBe(200);
});
