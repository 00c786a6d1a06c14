import { createServer } from 'node:http';
import { listen, type Listening, until } from '@bff/testing';
import { z } from 'zod';
import { HttpUpstream } from './http/http-upstream.js';
import { path } from './path.js';
import type { UpstreamConfig } from './upstream-options.js';
import { Upstreams } from './upstreams.js';
import { XmlUpstream } from './xml/xml-upstream.js';

const Answer = z.object({ from: z.string() });
const timeoutMs = 2_000;

async function open() {
  const services: Listening[] = [];
  const held: (() => void)[] = [];
  const start = async (from: string): Promise<UpstreamConfig> => {
    const service = await listen(
      createServer((request, response) => {
        const answer = (): void =>
          void response.setHeader('content-type', 'application/json').end(JSON.stringify({ from }));
        if (request.url === '/held') held.push(answer);
        else answer();
      }),
    );
    services.push(service);
    return { url: service.url, timeoutMs };
  };
  const [old, other] = [await start('old'), await start('new')];
  const identities = { caller: { keyOf: () => '', headersOf: () => ({}) } };
  const upstreams = new Upstreams({ upstreams: { users: old }, identities });
  const users = upstreams.open('users', HttpUpstream);
  return {
    upstreams,
    old,
    other,
    held,
    ask: async (at = 'now') => (await users.get(path`/${at}`, Answer)).from,
    [Symbol.asyncDispose]: async () => {
      await upstreams.onApplicationShutdown();
      for (const service of services) await service.close();
    },
  };
}

test('calls go to where the new settings say, and those in flight end where they began', async () => {
  await using world = await open();
  const held = world.ask('held');
  await until('it is on its way', () => world.held.length === 1);
  const next = { users: world.other };
  world.upstreams.commit(world.upstreams.prepare(next), next);
  expect(await world.ask()).toBe('new');
  world.held[0]?.();
  expect(await held).toBe('old');
  expect(world.upstreams.state()).toMatchObject([{ name: 'users', url: world.other.url }]);
});

test('what is wrong is told, and nothing has changed', async () => {
  await using world = await open();
  const change = world.upstreams.prepare({ users: { url: 'nowhere', timeoutMs } });
  expect(change.mistakes).toEqual([expect.stringContaining('users')]);
  change.discard();
  expect(await world.ask()).toBe('old');
});

test('an upstream that is in use cannot go', async () => {
  await using world = await open();
  expect(world.upstreams.prepare({}).mistakes).toEqual([
    expect.stringContaining('not configured, and in use'),
  ]);
});

test('one that is new can be opened before it counts, and by one protocol only', async () => {
  await using world = await open();
  const next = { users: world.old, more: world.other };
  const change = world.upstreams.prepare(next);
  const more = change.open('more', HttpUpstream);
  expect(change.open('more', XmlUpstream)).toBeUndefined();
  expect(change.mistakes).toEqual([expect.stringContaining('used as http and as xml')]);
  world.upstreams.commit(change, next);
  expect(await more?.get(path`/`, Answer)).toEqual({ from: 'new' });
  expect(world.upstreams.open('more', HttpUpstream)).toBe(more);
});

test('an upstream whose settings are the same stays as it is, its counts included', async () => {
  await using world = await open();
  await world.ask();
  const next = { users: { ...world.old } };
  world.upstreams.commit(world.upstreams.prepare(next), next);
  expect(world.upstreams.state()).toMatchObject([{ calls: { ok: 1 } }]);
});
