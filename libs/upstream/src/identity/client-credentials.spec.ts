import { Deadline, Ending, runInContext } from '@bff/context';
import { NameServer, until } from '@bff/testing';
import { HttpUpstream } from '../http/http-upstream.js';
import { path } from '../path.js';
import { tellCaller, tellNobody } from './identities.fixture.js';
import { Answer, startTokenWorld } from './token-world.fixture.js';

async function startWorld(expiresInSeconds = 300, timeoutMs = 10_000) {
  const world = await startTokenWorld(expiresInSeconds);
  const credentials = {
    clientId: 'web bff',
    clientSecret: 'a+b:c',
    scope: 'orders:read',
    tokenUrl: world.tokenUrl,
  };
  const config = { url: world.serviceUrl, timeoutMs, identity: credentials };
  const upstream = new HttpUpstream('orders', config, tellCaller);
  let call = 0;
  return Object.assign(world, {
    get: () => upstream.get(path`/${(call += 1)}`, Answer),
    [Symbol.asyncDispose]: async () => {
      await upstream.close();
      await world.close();
    },
  });
}

test("a token is fetched once for 100 calls at once, by the client's own credentials, and sent with each", async () => {
  await using world = await startWorld();
  await Promise.all(Array.from({ length: 100 }, () => world.get()));
  expect(world.asked).toHaveLength(1);
  expect(world.asked[0]?.form.toString()).toBe('grant_type=client_credentials&scope=orders%3Aread');
  const [id, secret] = Buffer.from(world.asked[0]?.authorization?.slice(6) ?? '', 'base64')
    .toString()
    .split(':');
  expect([id, secret]).toEqual(['web+bff', 'a%2Bb%3Ac']);
  expect(new Set(world.tokens)).toEqual(new Set(['Bearer token-1']));
});

test('it is replaced before it expires, while the old one is still used', async () => {
  await using world = await startWorld(3);
  await until('the next one is asked for', async () => {
    await world.get();
    return world.asked.length === 2;
  });
  expect(new Set(world.tokens)).toEqual(new Set(['Bearer token-1']));
  await until('it is used', async () => {
    await world.get();
    return world.tokens.at(-1) === 'Bearer token-2';
  });
});

test('a provider that is down does not matter while the token holds', async () => {
  await using world = await startWorld();
  await world.get();
  world.isDown = true;
  expect(await world.get()).toEqual({ ok: true });
});

test.each([
  ['a provider that fails', undefined],
  ['no JSON', '<html>'],
  ['no token', '{}'],
  ['a token that would break a header', '{"access_token":"a\\r\\nb","token_type":"Bearer"}'],
  ['a token of another type', '{"access_token":"a","token_type":"DPoP"}'],
])('%s makes the service unreachable, sends nothing, and is not asked again at once', async (_what, body) => {
  await using world = await startWorld();
  if (body === undefined) world.isDown = true;
  world.body = body;
  const failures = await Promise.all(
    Array.from({ length: 50 }, () => world.get().catch((error: { reason: string }) => error.reason)),
  );
  expect(new Set(failures)).toEqual(new Set(['unreachable']));
  expect(await world.get().catch(String)).not.toMatch(/internal words|a\+b/);
  expect(world.tokens).toHaveLength(0);
  expect(world.asked).toHaveLength(1);
});

test('a provider that hangs costs a call its time and no more', async () => {
  await using world = await startWorld(300, 150);
  world.isHanging = true;
  const startedMs = performance.now();
  await expect(world.get()).rejects.toMatchObject({ reason: 'timeout' });
  expect(performance.now() - startedMs).toBeLessThan(650);
  expect(world.tokens).toHaveLength(0);
});

test('where neither the service nor the provider can be found, the call fails and nothing else', async () => {
  await using names = await NameServer.start();
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  const upstream = new HttpUpstream(
    'orders',
    {
      url: 'http://orders.test',
      timeoutMs: 1_000,
      dns: { servers: [names.address] },
      identity: { tokenUrl: 'http://127.0.0.1:1/token', clientId: 'a', clientSecret: 'b' },
    },
    tellNobody,
  );
  await expect(upstream.get(path`/`, Answer)).rejects.toMatchObject({ reason: 'unreachable' });
  await new Promise((resolve) => setTimeout(resolve, 40));
  process.off('unhandledRejection', onUnhandled);
  await upstream.close();
  expect(unhandled).toEqual([]);
});

test('a token that the service refuses is not sent again', async () => {
  await using world = await startWorld();
  world.accepted = (token) => token === 'Bearer token-2';
  await expect(world.get()).rejects.toMatchObject({ reason: 'rejected', rejection: 'gateway' });
  expect(await world.get()).toEqual({ ok: true });
});

test("it is the gateway's token: nothing of the caller goes with it", async () => {
  await using world = await startWorld();
  const context = {
    requestId: 'r-1',
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 },
    deadline: Deadline.after(1_000),
    ending: new Ending(),
    caller: { id: '7', scopes: new Set<string>() },
  };
  await runInContext(context, () => world.get());
  expect(world.tokens).toEqual(['Bearer token-1']);
});
