import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';

import { startSampleBackend, type SampleBackend } from '../sample-backend.js';
import { CookieJar } from '../browser/cookie-jar.js';
import { developmentClientSecret } from './clients.js';
import { everyScope } from './scopes.js';
import { signIn, type SignInOptions } from './sign-in.js';

const webBff = {
  clientId: 'web-bff',
  clientSecret: developmentClientSecret,
  redirectUri: 'http://localhost:3000/bff/callback',
};

function signInAda(backend: SampleBackend, options: Partial<SignInOptions> = {}) {
  return signIn({ issuer: backend.urls.identity, login: 'ada', password: 'ada', ...options });
}

function verify(backend: SampleBackend, token: string) {
  const keys = createRemoteJWKSet(new URL(`${backend.urls.identity}/jwks`));
  return jwtVerify(token, keys, { issuer: backend.urls.identity });
}

function authorizationUrl(backend: SampleBackend, changes: Record<string, string> = {}): URL {
  const url = new URL(`${backend.urls.identity}/auth`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: 'mobile-app',
    redirect_uri: 'http://127.0.0.1:50000/callback',
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...changes,
  }).toString();
  return url;
}

/** Opens the sign-in form as a browser would; `submit` sends it back. */
async function openForm(start: URL) {
  const jar = new CookieJar();
  const redirect = await fetch(start, { redirect: 'manual' });
  jar.take(start, redirect.headers);
  const url = new URL(redirect.headers.get('location') ?? '', start);
  const html = await (await fetch(url, { headers: { cookie: jar.header(url) } })).text();
  const submit = (fields: Record<string, string>) =>
    fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie: jar.header(url) },
      redirect: 'manual',
    });
  return { url, html, submit };
}

function refresh(backend: SampleBackend, refreshToken: string | undefined): Promise<Response> {
  return fetch(`${backend.urls.identity}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'mobile-app',
      refresh_token: refreshToken ?? '',
    }),
  });
}

test('a sign-in with PKCE gives a signed JWT access token for the API', async () => {
  await using backend = await startSampleBackend();
  const { accessToken, expiresInSeconds } = await signInAda(backend);
  const { payload, protectedHeader } = await verify(backend, accessToken);

  expect(protectedHeader).toMatchObject({ typ: 'at+jwt', alg: 'RS256' });
  expect(payload).toMatchObject({ sub: '7', aud: 'urn:bff:api', client_id: 'mobile-app' });
  expect(payload['scope']).toBe('profile:read orders:read orders:write catalog:read');
  expect([Number(payload.exp) - Number(payload.iat), expiresInSeconds]).toEqual([600, 600]);
});

test('the ID token names the user', async () => {
  await using backend = await startSampleBackend();
  const { idToken = '' } = await signInAda(backend);
  const { payload, protectedHeader } = await verify(backend, idToken);
  expect(protectedHeader.alg).toBe('RS256');
  expect(payload).toMatchObject({
    sub: '7',
    aud: 'mobile-app',
    name: 'Ada Lovelace',
    email: 'ada@example.com',
  });
});

test('a client that asks for less gets a token with just that', async () => {
  await using backend = await startSampleBackend();
  const tokens = await signInAda(backend, { scope: 'orders:read' });
  expect(decodeJwt(tokens.accessToken)['scope']).toBe('orders:read');
  expect([tokens.idToken, tokens.refreshToken]).toEqual([undefined, undefined]);
});

test('the audience can be another one, and a resource that is not it is refused', async () => {
  await using backend = await startSampleBackend({ audience: 'urn:other:api' });
  expect(decodeJwt((await signInAda(backend)).accessToken).aud).toBe('urn:other:api');
  await expect(signInAda(backend, { resource: 'urn:bff:api' })).rejects.toThrow('invalid_target');
});

test('a refresh token gives new tokens, with an offline scope and no consent prompt asked for', async () => {
  await using backend = await startSampleBackend();
  const { refreshToken } = await signInAda(backend);
  const answer = await refresh(backend, refreshToken);
  expect(answer.status).toBe(200);
  const { access_token: accessToken } = JSON.parse(await answer.text());
  expect((await verify(backend, accessToken)).payload).toMatchObject({ sub: '7', aud: 'urn:bff:api' });
});

test('web-bff signs in with its secret, and its ID token carries the session id', async () => {
  await using backend = await startSampleBackend();
  const { idToken = '', refreshToken } = await signInAda(backend, webBff);
  expect(decodeJwt(idToken)).toMatchObject({ aud: 'web-bff', sid: expect.any(String) });
  expect(refreshToken).toEqual(expect.any(String));
  await expect(signInAda(backend, { ...webBff, clientSecret: 'wrong' })).rejects.toThrow('invalid_client');
});

test('web-bff may be somewhere else', async () => {
  await using backend = await startSampleBackend({ webBffOrigins: ['http://127.0.0.1:51234'] });
  const there = { ...webBff, redirectUri: 'http://127.0.0.1:51234/bff/callback' };
  expect((await signInAda(backend, there)).accessToken).toEqual(expect.any(String));
  await expect(signInAda(backend, webBff)).rejects.toThrow('redirect_uri');
});

test('the form is HTML with labels and without scripts, and names the client', async () => {
  await using backend = await startSampleBackend();
  const { html } = await openForm(authorizationUrl(backend, { login_hint: '"><script>' }));
  expect(html).toContain('Sign in to Mobile app');
  expect(html).toMatch(/<label for="login">.*<input id="login" name="login"/s);
  expect(html).toMatch(/<label for="password">.*<input id="password" name="password" type="password"/s);
  expect(html).not.toContain('<script');
});

test('a wrong password shows the form again, with the reason and the login escaped', async () => {
  await using backend = await startSampleBackend();
  const form = await openForm(authorizationUrl(backend));
  const answer = await form.submit({ login: '<b>"ada', password: 'wrong' });
  const html = await answer.text();
  expect(answer.status).toBe(422);
  expect(html).toContain('Login or password is wrong.');
  expect(html).toContain('value="&#60;b&#62;&#34;ada"');

  expect((await form.submit({ login: 'ada', password: 'ada' })).status).toBe(303);
});

test.each([
  ['ada', 'charles'],
  ['ada', ''],
  ['nobody', 'ada'],
])('login %j with password %j is refused', async (login, password) => {
  await using backend = await startSampleBackend();
  await expect(signInAda(backend, { login, password })).rejects.toThrow('Login or password is wrong.');
});

test('a form without its browser session is refused with a page', async () => {
  await using backend = await startSampleBackend();
  const { url } = await openForm(authorizationUrl(backend));
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
});

test.each([
  ['without PKCE', { code_challenge: '', code_challenge_method: '' }],
  ['with plain PKCE', { code_challenge_method: 'plain' }],
])('a request %s is refused', async (_, changes) => {
  await using backend = await startSampleBackend();
  const answer = await fetch(authorizationUrl(backend, changes), { redirect: 'manual' });
  expect(answer.headers.get('location')).toContain('error=invalid_request');
});

test('a native client may come back to any loopback port, but nowhere else', async () => {
  await using backend = await startSampleBackend();
  const elsewhere = authorizationUrl(backend, { redirect_uri: 'http://evil.example/callback' });
  expect((await fetch(elsewhere, { redirect: 'manual' })).status).toBe(400);
  const anyPort = authorizationUrl(backend, { redirect_uri: 'http://127.0.0.1:61234/callback' });
  expect((await fetch(anyPort, { redirect: 'manual' })).status).toBe(303);
});

test('after a rotation new tokens have a new key, and old ones still verify', async () => {
  await using backend = await startSampleBackend();
  const before = await signInAda(backend);
  const answer = await fetch(`${backend.urls.faults}/identity/rotate`, { method: 'POST' });
  expect(answer.status).toBe(200);
  const after = await signInAda(backend);

  const { kid: oldKid } = decodeProtectedHeader(before.accessToken);
  const { kid: newKid } = decodeProtectedHeader(after.accessToken);
  expect(newKid).not.toBe(oldKid);
  expect(await answer.json()).toEqual({ kid: newKid });
  expect((await verify(backend, before.accessToken)).payload.sub).toBe('7');
  expect((await verify(backend, after.accessToken)).payload.sub).toBe('7');
});

test('three keys stay published after the one in use, without their private halves', async () => {
  await using backend = await startSampleBackend();
  const kids = [];
  for (let n = 0; n < 4; n++) kids.unshift(await backend.rotateKeys());
  const jwks = JSON.parse(await (await fetch(`${backend.urls.identity}/jwks`)).text());
  expect(jwks.keys.map(({ kid }: { kid: string }) => kid)).toEqual(kids);
  expect(jwks.keys[0].d).toBeUndefined();
  expect(createLocalJWKSet(jwks)).toEqual(expect.any(Function));
});

test('a rotation loses neither a form that is open nor a refresh token', async () => {
  await using backend = await startSampleBackend();
  const { refreshToken } = await signInAda(backend);
  const form = await openForm(authorizationUrl(backend));
  await backend.rotateKeys();
  expect((await form.submit({ login: 'ada', password: 'ada' })).status).toBe(303);
  expect((await refresh(backend, refreshToken)).status).toBe(200);
});

test('a revoked refresh token is an invalid grant', async () => {
  await using backend = await startSampleBackend();
  const { refreshToken = '' } = await signInAda(backend);
  const body = new URLSearchParams({ token: refreshToken, client_id: 'mobile-app' });
  expect((await fetch(`${backend.urls.identity}/token/revocation`, { method: 'POST', body })).status).toBe(
    200,
  );
  const answer = await refresh(backend, refreshToken);
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({ error: 'invalid_grant' }),
  ]);
});

test('tokens of one backend mean nothing to another', async () => {
  await using one = await startSampleBackend();
  await using two = await startSampleBackend();
  const { refreshToken, accessToken } = await signInAda(one);
  expect((await refresh(two, refreshToken)).status).toBe(400);
  await expect(verify(two, accessToken)).rejects.toThrow('no applicable key');
});

test('health answers, and the discovery document names the issuer of the real port', async () => {
  await using backend = await startSampleBackend();
  const issuer = `http://localhost:${backend.ports.identity}`;
  expect((await fetch(`${issuer}/health`)).status).toBe(200);
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
  expect(await discovery.json()).toMatchObject({
    issuer,
    response_types_supported: ['code'],
    scopes_supported: everyScope.split(' '),
  });
});
