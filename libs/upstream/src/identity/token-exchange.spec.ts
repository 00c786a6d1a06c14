import { inspect } from 'node:util';
import { runInContext } from '@bff/context';
import { createContext, until } from '@bff/testing';
import { HttpUpstream } from '../http/http-upstream.js';
import { path } from '../path.js';
import { tellNobody } from './identities.fixture.js';
import type { TokenExchangeOptions } from './token-exchange.js';
import { Answer, startTokenWorld } from './token-world.fixture.js';

interface WorldOptions {
  readonly expiresInSeconds?: number;
  readonly timeoutMs?: number;
  readonly exchange?: Partial<TokenExchangeOptions>;
}

/** A token world with an upstream in it, for callers whose token is `secret-<id>`; who is called '' has none. */
async function startWorld({ expiresInSeconds = 300, timeoutMs = 10_000, exchange }: WorldOptions = {}) {
  const world = await startTokenWorld(expiresInSeconds);
  const client = { tokenUrl: world.tokenUrl, clientId: 'web-bff', clientSecret: 'hidden-secret' };
  const identity = { exchange: { ...client, ...exchange } };
  const upstream = new HttpUpstream(
    'orders',
    { url: world.serviceUrl, timeoutMs, identity },
    { ...tellNobody, token: ({ caller }) => (caller?.id ? `secret-${caller.id}` : undefined) },
  );
  let call = 0;
  const get = () => upstream.get(path`/${(call += 1)}`, Answer);
  return Object.assign(world, {
    upstream,
    get,
    as: (id: string, ask = get) =>
      runInContext(createContext({ caller: { id, scopes: new Set() } }), () => ask()),
    [Symbol.asyncDispose]: async () => {
      await upstream.close();
      await world.close();
    },
  });
}

test("the caller's token is exchanged once for 100 calls at once, and what it became is sent with each", async () => {
  await using world = await startWorld({ exchange: { audience: 'orders-api', scope: 'orders:read' } });
  await Promise.all(Array.from({ length: 100 }, () => world.as('7')));
  await world.as('7');
  expect(world.asked).toHaveLength(1);
  expect(Object.fromEntries(world.asked[0]?.form ?? [])).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'secret-7',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: 'orders-api',
    scope: 'orders:read',
  });
  expect(world.asked[0]?.authorization).toBe(`Basic ${btoa('web-bff:hidden-secret')}`);
  expect(new Set(world.tokens)).toEqual(new Set(['Bearer token-1']));
});

test('a service that the provider knows by its URL is named so', async () => {
  await using world = await startWorld({ exchange: { resource: 'https://orders.internal' } });
  await world.as('7');
  expect(world.asked[0]?.form.get('resource')).toBe('https://orders.internal');
});

test('each caller has a token of their own, and equal calls of two callers stay two', async () => {
  await using world = await startWorld();
  const ask = () => world.upstream.get(path`/same`, Answer);
  await Promise.all(['7', '8', '7', '8'].map((id) => world.as(id, ask)));
  const subjects = world.asked.map(({ form }) => form.get('subject_token'));
  for (const seen of [subjects, world.tokens]) expect(seen).toHaveLength(2);
  expect(new Set(subjects)).toEqual(new Set(['secret-7', 'secret-8']));
  expect(new Set(world.tokens)).toEqual(new Set(['Bearer token-1', 'Bearer token-2']));
});

test('it is replaced before it expires, while the old one is still used', async () => {
  await using world = await startWorld({ expiresInSeconds: 2 });
  await until('the next one is asked for', async () => {
    await world.as('7');
    return world.asked.length === 2;
  });
  expect(new Set(world.tokens)).toEqual(new Set(['Bearer token-1']));
  await until('it is used', async () => {
    await world.as('7');
    return world.tokens.at(-1) === 'Bearer token-2';
  });
});

test('a token that the service refuses is not sent again, and other callers keep theirs', async () => {
  await using world = await startWorld();
  await world.as('8');
  world.accepted = (authorization) => authorization !== 'Bearer token-2';
  await expect(world.as('7')).rejects.toMatchObject({ reason: 'rejected', rejection: 'gateway' });
  await world.as('7');
  await world.as('8');
  expect(world.tokens).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3', 'Bearer token-1']);
});

test('who has no token is told as nobody: the service decides, the provider is not asked', async () => {
  await using world = await startWorld();
  await world.as('');
  await world.get();
  expect(world.tokens).toEqual([undefined, undefined]);
  expect(world.asked).toEqual([]);
});

test.each([400, 403])(
  'a token that the provider does not take (%i) is a rejection, of this caller alone',
  async (status) => {
    await using world = await startWorld();
    await world.as('8');
    Object.assign(world, { status, body: '{"error":"invalid_grant","error_description":"secret-7 is old"}' });
    const failures = await Promise.all(
      Array.from({ length: 20 }, () => world.as('7').catch((error: unknown) => error)),
    );
    for (const failure of failures)
      expect(failure).toMatchObject({ reason: 'rejected', rejection: 'gateway' });
    expect(String(failures[0])).toContain(`${status} invalid_grant`);
    expect(world.asked).toHaveLength(2);
    expect(await world.as('8')).toEqual({ ok: true });
    expect(world.upstream.state().circuit).toBe('closed');
  },
);

test.each([
  ['a provider that fails', 500, 'internal words about secret-7'],
  ['a provider that does not know the gateway', 401, '{"error":"invalid_client"}'],
  ['an answer that is no JSON', 200, 'secret-1'],
  ['a token of another type', 200, '{"access_token":"secret-1","token_type":"N_A"}'],
  [
    'another kind of token',
    200,
    '{"access_token":"secret-1","token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:refresh_token"}',
  ],
])('%s makes the service unreachable, and no error tells a token', async (_what, status, body) => {
  await using world = await startWorld();
  Object.assign(world, { status, body });
  const failure: unknown = await world.as('7').catch((error: unknown) => error);
  expect(failure).toMatchObject({ reason: 'unreachable' });
  expect(inspect(failure, { depth: null, showHidden: true })).not.toContain('secret');
  expect(world.tokens).toEqual([]);
});

test('a provider that hangs costs a call its time and no more, and others keep what they have', async () => {
  await using world = await startWorld({ timeoutMs: 150 });
  await world.as('8');
  world.isHanging = true;
  await expect(world.as('7')).rejects.toMatchObject({ reason: 'timeout' });
  expect(await world.as('8')).toEqual({ ok: true });
  expect(world.tokens).toEqual(['Bearer token-1', 'Bearer token-1']);
});

test('where callers have no tokens at all, the setting is a mistake', () => {
  const exchange = { tokenUrl: 'http://id.internal', clientId: 'a', clientSecret: 'b' };
  const config = { url: 'http://orders.internal', timeoutMs: 100, identity: { exchange } };
  expect(() => new HttpUpstream('orders', config, tellNobody)).toThrow('upstreams.orders.identity');
});
