import { MemoryStore, StoreUnavailableError } from '@bff/store';
import { ProviderFake, until } from '@bff/testing';
import { UpstreamError } from '@bff/problem';
import type { LiveSession } from './live-session.js';
import { openReplica, type Replica } from './open-replica.fixture.js';

/** A store that can be away. */
class AbsentStore extends MemoryStore {
  isAway = false;
  lostWrites = 0;

  override get(key: string): Promise<string | undefined> {
    return this.isAway ? away() : super.get(key);
  }

  override set(key: string, value: string, ttlMs: number): Promise<void> {
    if (this.isAway) this.lostWrites += 1;
    return this.isAway ? away() : super.set(key, value, ttlMs);
  }

  override compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    return this.isAway ? away() : super.compareAndSet(key, expected, value, ttlMs);
  }
}

const away = <T>(): Promise<T> => Promise.reject(new StoreUnavailableError('away'));

let provider: ProviderFake;
let store: AbsentStore;
let replica: Replica;
let other: Replica;
beforeAll(async () => {
  provider = await ProviderFake.start();
});
beforeEach(() => {
  provider.lies = {};
  provider.calls.length = 0;
  store = new AbsentStore();
  [replica, other] = [openReplica(store, provider), openReplica(store, provider)];
});
afterEach(() => store.close());
afterAll(() => provider[Symbol.asyncDispose]());

/** Signs in with an access token that has that many seconds; the next ones have ten minutes. */
async function signInFor(seconds: number): Promise<string> {
  provider.accessTokenSeconds = seconds;
  const value = await replica.signIn();
  provider.accessTokenSeconds = 600;
  return value;
}
const refreshes = () => provider.count('token', 'refresh_token');
const tokenOf = (live: LiveSession | undefined) => live?.record.session.tokens.accessToken;
const ensure = async (at: Replica, value: string) => at.refresh.ensureFresh(await at.find(value));

test('a hundred calls at two replicas at once come to one refresh, and all have its token', async () => {
  const value = await signInFor(0);
  const calls = Array.from({ length: 100 }, (_, call) => ensure(call % 2 === 0 ? replica : other, value));
  const tokens = new Set((await Promise.all(calls)).map(tokenOf));
  expect([tokens.size, tokens.has(undefined), refreshes()]).toEqual([1, false, 1]);
});

test('a replica that has read the session before another one renewed it does not renew it again', async () => {
  const value = await signInFor(0);
  const stale = await other.find(value);
  const renewed = await ensure(replica, value);
  expect(tokenOf(await other.refresh.ensureFresh(stale))).toBe(tokenOf(renewed));
  expect(refreshes()).toBe(1);
});

test('a token with time to spare is left alone, and so is one that nothing can replace', async () => {
  const value = await signInFor(600);
  const live = await replica.find(value);
  expect(replica.refresh.ensureFresh(live)).toBe(live);
  provider.lies = { tokens: { refresh_token: undefined } };
  const final = await signInFor(0);
  provider.lies = {};
  expect(tokenOf(await ensure(replica, final))).toBe(tokenOf(await replica.find(final)));
  expect(refreshes()).toBe(0);
});

test('tokens that a provider gives without a time are used until somebody says otherwise', async () => {
  provider.lies = { tokens: { expires_in: undefined } };
  const value = await signInFor(0);
  await ensure(replica, value);
  expect(refreshes()).toBe(0);
});

test('a session that was used meanwhile gets its new tokens all the same', async () => {
  const value = await signInFor(0);
  const gate = Promise.withResolvers<void>();
  provider.lies = { at: { token: { after: gate.promise } } };
  const refreshing = ensure(replica, value);
  await until('it is asked', () => refreshes() === 1);
  const live = await other.find(value);
  const used = { ...live.record, head: { ...live.record.head, usedAtMs: 0 } };
  await store.set(`session:${live.record.key}`, JSON.stringify(used.head), 60_000);
  gate.resolve();
  const renewed = await refreshing;
  expect(tokenOf(await other.find(value))).toBe(tokenOf(renewed));
  expect(tokenOf(renewed)).not.toBe(tokenOf(live));
});

test('one that has ended meanwhile stays so, and what came for it is revoked', async () => {
  const value = await signInFor(0);
  const gate = Promise.withResolvers<void>();
  provider.lies = { at: { token: { after: gate.promise } } };
  const refreshing = ensure(replica, value);
  await until('it is asked', () => refreshes() === 1);
  await other.sessions.end(await other.find(value), 'logout');
  gate.resolve();
  expect(await refreshing).toBeUndefined();
  expect(await replica.sessions.find(value)).toBeUndefined();
  expect(provider.grants.revoked.at(-1)).toBe(provider.given.at(-2));
});

test('what the provider has given is kept although the store is away for a moment', async () => {
  const value = await signInFor(0);
  const before = await replica.find(value);
  const gate = Promise.withResolvers<void>();
  provider.lies = { at: { token: { after: gate.promise } } };
  const refreshing = replica.refresh.ensureFresh(before);
  await until('it is asked', () => refreshes() === 1);
  store.isAway = true;
  gate.resolve();
  await until('it is tried twice', () => store.lostWrites > 1);
  expect(tokenOf(await replica.find(value))).toBe(tokenOf(before));
  store.isAway = false;
  const renewed = await refreshing;
  expect(tokenOf(renewed)).not.toBe(tokenOf(before));
  expect(tokenOf(await other.find(value))).toBe(tokenOf(renewed));
  expect(refreshes()).toBe(1);
});

test('without a store nothing is replaced, and who was just seen goes on', async () => {
  const value = await signInFor(0);
  const live = await replica.find(value);
  store.isAway = true;
  expect(await replica.refresh.ensureFresh(live)).toBe(live);
  expect(refreshes()).toBe(0);
});

test('a provider that has failed is left alone for a second, by this session only', async () => {
  const [value, another] = [await signInFor(0), await signInFor(0)];
  provider.lies = { at: { token: 'cut' } };
  for (let times = 1; times <= 5; times += 1)
    await expect(ensure(replica, value)).rejects.toThrow(UpstreamError);
  expect(refreshes()).toBe(1);
  provider.lies = {};
  expect(tokenOf(await ensure(replica, another))).toBeDefined();
});

test('scopes that are not told anew are those of before', async () => {
  const value = await signInFor(0);
  const { scopes } = (await replica.find(value)).record.session.tokens;
  provider.lies = { tokens: { scope: undefined } };
  expect((await ensure(replica, value))?.record.session.tokens.scopes).toEqual(scopes);
  expect(scopes).toContain('orders:read');
});

test('a refresh shows nothing anew: how and when the user has signed in stays', async () => {
  const value = await signInFor(0);
  const before = (await replica.find(value)).record.session;
  const after = (await ensure(replica, value))?.record.session;
  expect([after?.authentication, after?.claims, after?.endsAtMs, after?.id]).toEqual([
    before.authentication,
    before.claims,
    before.endsAtMs,
    before.id,
  ]);
});
