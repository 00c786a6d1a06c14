import { until } from '@bff/testing';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import { passTime, restoreDate } from '../world/set-date.js';
import type { Visitor } from '../world/visitor.js';

let world: SessionWorld;
beforeEach(async () => {
  world = await startSessionWorld();
});
afterEach(async () => {
  restoreDate();
  await world?.[Symbol.asyncDispose]();
});

/** Of a sign-in as this user, in a session of the provider's own: the refresh token that came of it. */
async function signIn(visitor: Visitor, user: string, sid: string, query = ''): Promise<string> {
  world.provider.user = { sub: user };
  world.provider.sid = sid;
  const before = world.provider.given.length;
  expect((await visitor.signIn(query)).status).toBe(303);
  const [_code, _access, refresh = ''] = world.provider.given.slice(before);
  return refresh;
}
const revoked = (): readonly string[] => world.provider.grants.revoked;
const isRevoked = (token: string) => until('it is revoked', () => revoked().includes(token));
/** New tokens can be had for it. */
async function isAlive(visitor: Visitor): Promise<boolean> {
  passTime(world.provider.accessTokenSeconds * 1_000);
  return (await visitor.get('/api/dashboard')).status === 200;
}

test('a sign-in of somebody else over a session revokes its tokens, and leaves the new ones alone', async () => {
  const visitor = world.visitor();
  const old = await signIn(visitor, '7', 'at-home');
  await signIn(visitor, '8', 'at-home-too');
  await isRevoked(old);
  expect(revoked()).toEqual([old]);
  expect(await isAlive(visitor)).toBe(true);
});

test('so does one of the same user in another session of the provider', async () => {
  const visitor = world.visitor();
  const old = await signIn(visitor, '7', 'yesterday');
  await signIn(visitor, '7', 'today');
  await isRevoked(old);
  expect(await isAlive(visitor)).toBe(true);
});

test('in the same session of the provider nothing is revoked: with the old tokens it would end the new ones', async () => {
  const visitor = world.visitor();
  await signIn(visitor, '7', 'at-home');
  await signIn(visitor, '7', 'at-home', 'acr_values=urn:two-factors');
  expect(await isAlive(visitor)).toBe(true);
  await visitor.post('/bff/logout');
  await until('those of the logout are revoked', () => revoked().length > 0);
  expect(revoked()).toHaveLength(1);
});

test('a session that makes room for newer ones has its tokens revoked', async () => {
  const first = await signIn(world.visitor(), '7', 'first');
  for (let number = 1; number <= 49; number += 1) await signIn(world.visitor(), '7', `number ${number}`);
  expect(revoked()).toEqual([]);
  await signIn(world.visitor(), '7', 'the fifty-first');
  await isRevoked(first);
  expect(revoked()).toEqual([first]);
});

test('tokens of a sign-in during which the provider was signed out are revoked', async () => {
  const gate = Promise.withResolvers<void>();
  world.provider.lies = { at: { token: { after: gate.promise } } };
  world.provider.user = { sub: '7' };
  const answer = world.visitor().signIn();
  await until('the code is being redeemed', () => world.provider.count('token') === 1);
  const body = new URLSearchParams({ logout_token: world.provider.logoutToken({ sub: '7' }) }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await world.visitor().send('POST', '/bff/backchannel-logout', { headers, body });
  gate.resolve();
  expect((await answer).status).toBe(400);
  await until('they are revoked', () => revoked().length === 1);
  expect(world.provider.given).toContain(revoked()[0]);
});

test('a provider that cannot be asked keeps nobody from signing in', async () => {
  const visitor = world.visitor();
  await signIn(visitor, '7', 'yesterday');
  world.provider.lies = { at: { revoke: 'hang' } };
  await signIn(visitor, '7', 'today');
  expect((await visitor.get('/bff/user')).status).toBe(200);
});
