import { decodeJwt } from 'jose';

import { startSampleBackend } from '../sample-backend.js';
import { WebClient } from './web-client.fixture.js';

async function startSignedIn(options: Parameters<typeof startSampleBackend>[0] = {}) {
  const backend = await startSampleBackend(options);
  const client = new WebClient({ issuer: backend.urls.identity });
  const tokens = await client.redeem(await client.authorize());
  return { backend, client, tokens, [Symbol.asyncDispose]: () => backend.close() };
}

test('every use of a refresh token gives a new one', async () => {
  await using world = await startSignedIn();
  const first = await world.client.refresh(world.tokens['refresh_token']);
  const second = await world.client.refresh(String(first.body['refresh_token']));
  expect([first.status, second.status]).toEqual([200, 200]);
  const tokens = [world.tokens, first.body, second.body].map((body) => body['refresh_token']);
  expect(new Set(tokens).size).toBe(3);
});

test('a refresh token that is used again ends all that has come of it', async () => {
  await using world = await startSignedIn();
  const next = await world.client.refresh(world.tokens['refresh_token']);
  const replayed = await world.client.refresh(world.tokens['refresh_token']);
  const after = await world.client.refresh(String(next.body['refresh_token']));
  for (const answer of [replayed, after]) {
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  }
});

test('of 20 who use one refresh token at the same moment one gets new ones at most', async () => {
  await using world = await startSignedIn();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => world.client.refresh(world.tokens['refresh_token'])),
  );
  const [won, ...others] = answers.toSorted((one, other) => one.status - other.status);
  expect(won?.status).toBe(200);
  for (const { status, body } of others) expect([status, body['error']]).toEqual([400, 'invalid_grant']);
  expect((await world.client.refresh(String(won?.body['refresh_token']))).status).toBe(400);
  expect(world.backend.identity.grants).toMatchObject({ refresh_token: 1 });
});

test('access tokens live as long as is set', async () => {
  await using world = await startSignedIn({ accessTokenSeconds: 7 });
  const refreshed = await world.client.refresh(world.tokens['refresh_token']);
  for (const { access_token: token, expires_in: seconds } of [world.tokens, refreshed.body]) {
    const { exp = 0, iat = 0 } = decodeJwt(String(token));
    expect([exp - iat, seconds]).toEqual([7, 7]);
  }
});

test('the provider counts what was granted, by grant type', async () => {
  await using world = await startSignedIn();
  await world.client.refresh(world.tokens['refresh_token']);
  await world.client.refresh('nonsense');
  const counts = { authorization_code: 1, refresh_token: 1 };
  expect(world.backend.identity.grants).toEqual(counts);
  await world.backend.rotateKeys();
  const answer = await fetch(`${world.backend.urls.faults}/identity/grants`);
  expect(await answer.json()).toEqual({ grants: counts });
});

test('a revoked refresh token is an invalid grant, and revoking one that is none is no mistake', async () => {
  await using world = await startSignedIn();
  const token = world.tokens['refresh_token'] ?? '';
  const revoked = await world.client.post('/token/revocation', { token });
  const unknown = await world.client.post('/token/revocation', { token: 'nonsense' });
  expect([revoked.status, unknown.status]).toEqual([200, 200]);
  expect((await world.client.refresh(token)).body['error']).toBe('invalid_grant');
});
