import type { RunningGateway } from '@bff/gateway';
import { type Answer, HttpClient } from '@bff/testing';
import { mobileBff } from 'mobile-bff';
import { claimedRedirectUri, type SampleBackend, startSampleBackend } from 'sample-backend';
import { NativeApp } from '../world/native-app.js';
import { startSampleGateway } from '../world/sample-gateway.js';

let backend: SampleBackend;
let gateway: RunningGateway;
let mobile: HttpClient;
let app: NativeApp;
beforeAll(async () => {
  backend = await startSampleBackend();
  gateway = await startSampleGateway(mobileBff, backend);
  mobile = new HttpClient(gateway.url);
});
beforeEach(() => {
  app = new NativeApp(backend.urls.identity);
});
afterAll(async () => {
  await mobile?.[Symbol.asyncDispose]();
  await gateway?.close();
  await backend?.close();
});

const home = (accessToken: unknown): Promise<Answer> =>
  mobile.get('/v1/home', { headers: { authorization: `Bearer ${String(accessToken)}` } });

test('an app without a secret signs Ada in, calls with the token, and goes on with a new one when that is over', async () => {
  const callback = await app.signIn();
  expect(callback.href).toMatch(new RegExp(`^${claimedRedirectUri}\\?`));
  expect(Object.fromEntries(callback.searchParams)).toMatchObject({
    state: 'state-of-this-app',
    iss: backend.urls.identity,
  });
  const first = await app.redeem(callback);
  expect(first).toMatchObject({
    status: 200,
    body: { token_type: 'Bearer', expires_in: expect.any(Number) },
  });
  expect((await home(first.body['access_token'])).body).toMatchObject({ name: 'Ada Lovelace' });

  const second = await app.refresh(first.body['refresh_token']);
  expect(second.status).toBe(200);
  expect(second.body['refresh_token']).not.toBe(first.body['refresh_token']);
  expect((await home(second.body['access_token'])).status).toBe(200);
});

test('a refresh token that comes twice was stolen: nobody goes on with what came of it, and the app signs in again', async () => {
  const first = await app.redeem(await app.signIn());
  const second = await app.refresh(first.body['refresh_token']);
  for (const token of [first.body['refresh_token'], second.body['refresh_token']])
    expect(await app.refresh(token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  const again = await app.redeem(await app.signIn());
  expect((await home(again.body['access_token'])).status).toBe(200);
});

test('a code is worth nothing without its verifier, and nothing the second time', async () => {
  const stolen = await app.signIn();
  expect(await app.redeem(stolen, 'x'.repeat(43))).toMatchObject({ body: { error: 'invalid_grant' } });
  const callback = await app.signIn();
  const tokens = await app.redeem(callback);
  expect(await app.redeem(callback)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  // Both who sent it have to sign in again (RFC 9700, section 2.1.1).
  expect(await app.refresh(tokens.body['refresh_token'])).toMatchObject({ body: { error: 'invalid_grant' } });
});

test('there is no sign-in without PKCE, and none that ends elsewhere', async () => {
  const { url } = await app.refused({ code_challenge: undefined, code_challenge_method: undefined });
  expect(url.searchParams.get('error')).toBe('invalid_request');
  for (const elsewhere of ['https://app.example.com/other', 'https://evil.example/callback'])
    expect(await app.refused({ redirect_uri: elsewhere })).toMatchObject({
      status: 400,
      url: { origin: backend.urls.identity },
    });
});

test('a token does what its scopes say: what is missing is named, and what is left works', async () => {
  const { body } = await app.redeem(await app.signIn({ scope: 'openid catalog:read' }));
  const refused = await home(body['access_token']);
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({ type: 'urn:bff:insufficient_scope', retryable: false });
  expect(refused.headers['www-authenticate']).toMatch(
    /^Bearer .*error="insufficient_scope".*scope="profile:read orders:read"/,
  );
  const headers = { authorization: `Bearer ${String(body['access_token'])}` };
  expect((await mobile.get('/v1/products/BK-1843', { headers })).status).toBe(200);
});
