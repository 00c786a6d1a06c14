import { startSampleBackend } from '../sample-backend.js';
import { passSignIn } from './submit-sign-in-form.js';
import { WebClient } from './web-client.fixture.js';

async function startClient() {
  const backend = await startSampleBackend();
  const client = new WebClient({ issuer: backend.urls.identity });
  return { backend, client, [Symbol.asyncDispose]: () => backend.close() };
}

test('a pushed request signs in like one in the address, refresh token and all, with no consent prompt asked for', async () => {
  await using world = await startClient();
  const { client } = world;
  const pushed = await client.push(client.request());
  expect([pushed.status, pushed.body]).toEqual([
    201,
    { expires_in: 60, request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/) },
  ]);
  const form = await client.open({
    client_id: client.clientId,
    request_uri: String(pushed.body['request_uri']),
  });
  const { url } = await passSignIn(client.browser, form, { login: 'ada', password: 'ada' });
  expect([url.searchParams.get('state'), url.searchParams.get('iss')]).toEqual([
    'state',
    world.backend.urls.identity,
  ]);
  expect(await client.redeem(url)).toMatchObject({
    refresh_token: expect.any(String),
    id_token: expect.any(String),
    scope: 'orders:read',
  });
});

test('a pushed request is for one sign-in, and for the client that pushed it', async () => {
  await using world = await startClient();
  const { client } = world;
  const pushed = await client.push(client.request());
  const request = { client_id: client.clientId, request_uri: String(pushed.body['request_uri']) };
  const byAnother = new URLSearchParams({ ...request, client_id: 'mobile-app' }).toString();
  const refused = await fetch(`${world.backend.urls.identity}/auth?${byAnother}`, { redirect: 'manual' });
  expect(refused.headers.get('location')).toMatch(/^http:\/\/127.0.0.1\/callback\?error=invalid_request/);
  const form = await client.open(request);
  expect((await passSignIn(client.browser, form, { login: 'ada', password: 'ada' })).arrived).toBe(true);
  const again = await client.open(request);
  expect([again.arrived, again.html]).toEqual([false, expect.stringContaining('invalid_request_uri')]);
});

test.each([
  ['that comes back elsewhere', { redirect_uri: 'http://evil.example/bff/callback' }],
  ['without PKCE', { code_challenge: '', code_challenge_method: '' }],
])('a request %s is refused when it is pushed', async (_, changes) => {
  await using world = await startClient();
  const answer = await world.client.push(world.client.request(changes));
  expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
});

test('a confidential client pushes with its secret only', async () => {
  await using world = await startClient();
  const body = new URLSearchParams(world.client.request());
  const answer = await fetch(`${world.backend.urls.identity}/request`, { method: 'POST', body });
  expect([answer.status, await answer.json()]).toEqual([
    401,
    expect.objectContaining({ error: 'invalid_client' }),
  ]);
});

test('discovery tells what a web client needs to know', async () => {
  await using world = await startClient();
  const issuer = world.backend.urls.identity;
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
  expect(await discovery.json()).toMatchObject({
    pushed_authorization_request_endpoint: `${issuer}/request`,
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    end_session_endpoint: `${issuer}/session/end`,
    revocation_endpoint: `${issuer}/token/revocation`,
    acr_values_supported: ['urn:bff:acr:password', 'urn:bff:acr:second-factor'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:token-exchange',
    ],
  });
});
