import { decodeJwt, type JWTPayload } from 'jose';

import { startSampleBackend } from '../sample-backend.js';
import { passwordAcr, secondFactorAcr } from './acr.js';
import { WebClient } from './web-client.fixture.js';

const secondFactor = { acr_values: secondFactorAcr };

async function startClient() {
  const backend = await startSampleBackend();
  const client = new WebClient({ issuer: backend.urls.identity });
  const idTokenOf = async (callback: URL): Promise<JWTPayload> =>
    decodeJwt((await client.redeem(callback))['id_token'] ?? '');
  return { client, idTokenOf, [Symbol.asyncDispose]: () => backend.close() };
}

test('an ID token tells how and when somebody has signed in', async () => {
  await using world = await startClient();
  const claims = await world.idTokenOf(await world.client.authorize());
  expect(claims).toMatchObject({ acr: passwordAcr, amr: ['pwd'], auth_time: expect.any(Number) });
  expect(Math.abs(Number(claims['auth_time']) - Date.now() / 1_000)).toBeLessThan(60);
});

test('who is signed in is not asked again, also not without anything to be seen', async () => {
  await using world = await startClient();
  const first = await world.idTokenOf(await world.client.authorize());
  for (const [name, value] of [
    ['ui_locales', 'en'],
    ['prompt', 'none'],
    ['max_age', '60'],
    ['acr_values', passwordAcr],
  ] as const) {
    const again = await world.client.open(world.client.request({ [name]: value }));
    expect(again.arrived).toBe(true);
    const claims = await world.idTokenOf(again.url);
    expect([claims['auth_time'], claims['sid']]).toEqual([first['auth_time'], first['sid']]);
  }
});

test('a second factor is asked for once in a session, with the login filled in', async () => {
  await using world = await startClient();
  await world.client.authorize();
  const form = await world.client.open(world.client.request(secondFactor));
  expect(form.html).toMatch(/name="login" value="ada".*name="password".*name="otp".*one-time code 000000/s);

  const claims = await world.idTokenOf(await world.client.authorize(secondFactor));
  expect(claims).toMatchObject({ sub: '7', acr: secondFactorAcr, amr: ['pwd', 'otp', 'mfa'] });
  const again = await world.client.open(world.client.request({ ...secondFactor, prompt: 'none' }));
  expect(await world.idTokenOf(again.url)).toMatchObject({ acr: secondFactorAcr });
});

test.each([
  ['a wrong code', { oneTimeCode: '123456' }],
  ['no code', { oneTimeCode: '' }],
  ['a wrong password', { password: 'charles' }],
])('%s does not pass', async (_, who) => {
  await using world = await startClient();
  await expect(world.client.authorize(secondFactor, who)).rejects.toThrow(
    'HTTP 422 Login, password or one-time code is wrong.',
  );
});

test('a code is not asked for where a password is enough, or comes first', async () => {
  await using world = await startClient();
  for (const acr_values of [passwordAcr, `${passwordAcr} ${secondFactorAcr}`, 'urn:unknown']) {
    const form = await world.client.open(world.client.request({ acr_values }));
    expect([form.status, form.html.includes('One-time code')]).toEqual([200, false]);
  }
});

test.each([
  ['nobody is signed in', undefined, {}],
  ['the session is too weak', {}, secondFactor],
])('without anything to be seen, login_required is the answer when %s', async (_, before, changes) => {
  await using world = await startClient();
  if (before) await world.client.authorize(before);
  const { url } = await world.client.open(world.client.request({ ...changes, prompt: 'none' }));
  expect([url.searchParams.get('error'), url.searchParams.get('state')]).toEqual(['login_required', 'state']);
});

test.each([
  ['prompt=login', { prompt: 'login' }],
  ['max_age=0', { max_age: '0' }],
  ['prompt=select_account', { prompt: 'select_account' }],
])('%s asks again who is signed in already', async (_, changes) => {
  await using world = await startClient();
  await world.client.authorize();
  const form = await world.client.open(world.client.request(changes));
  expect([form.arrived, form.status]).toEqual([false, 200]);
  expect((await world.client.authorize(changes)).searchParams.get('code')).toEqual(expect.any(String));
});

test('a sign-in that is older than max_age has to be done again', async () => {
  await using world = await startClient();
  await world.client.authorize();
  const now = Date.now;
  Date.now = () => now() + 61_000;
  try {
    const form = await world.client.open(world.client.request({ max_age: '60' }));
    expect([form.arrived, form.status]).toEqual([false, 200]);
  } finally {
    Date.now = now;
  }
});
