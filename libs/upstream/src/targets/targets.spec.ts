import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort, listen, NameServer, until } from '@bff/testing';
import { z } from 'zod';
import { HttpUpstream } from '../http/http-upstream.js';
import { path } from '../path.js';
import type { UpstreamConfig } from '../upstream-options.js';
import { tellNobody } from '../identity/identities.fixture.js';

const Answer = z.object({ from: z.string() });

type Mood = 'well' | 'slow' | 'dark' | 'failing';

/** A replica of a service, with a mood that can change. */
async function startReplica(name: string, port = 0, host = '127.0.0.1') {
  const replica = {
    name,
    calls: 0,
    checks: 0,
    mood: 'well' as Mood,
    url: '',
    port: 0,
    open: () => connections,
  };
  let connections = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/health') replica.checks += 1;
    else replica.calls += 1;
    if (replica.mood === 'dark') return;
    if (replica.mood === 'failing') return void response.writeHead(500).end();
    const answer = (): void =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify({ from: name }));
    if (replica.mood === 'slow') setTimeout(answer, 600);
    else answer();
  });
  server.on('connection', (socket) => {
    connections += 1;
    socket.once('close', () => (connections -= 1));
  });
  const listening = await listen(server, port, host);
  return Object.assign(replica, {
    url: listening.url,
    port: listening.port,
    [Symbol.asyncDispose]: () => listening.close(),
  });
}

function open(urls: readonly string[], config: Partial<UpstreamConfig> = {}) {
  const options = { url: urls.join(','), timeoutMs: 1_000, coalesce: false, ...config };
  const upstream = new HttpUpstream('users', options, tellNobody);
  return {
    upstream,
    get: () => upstream.get(path`/users/7`, Answer),
    states: () => upstream.state().targets.map(({ state }) => state),
    [Symbol.asyncDispose]: () => upstream.close(),
  };
}

test('calls are spread over all targets', async () => {
  await using a = await startReplica('a');
  await using b = await startReplica('b');
  await using c = await startReplica('c');
  await using users = open([a.url, b.url, c.url]);
  for (let call = 0; call < 300; call += 1) await users.get();
  for (const { calls } of [a, b, c]) expect(calls).toBeGreaterThan(60);
});

test('a target that answers slowly gets fewer calls than the others', async () => {
  await using quick = await startReplica('quick');
  await using slow = await startReplica('slow');
  slow.mood = 'slow';
  await using users = open([quick.url, slow.url], { timeoutMs: 10_000 });
  const caller = async (): Promise<void> => {
    for (let call = 0; call < 20; call += 1) await users.get();
  };
  await Promise.all(Array.from({ length: 10 }, caller));
  expect(slow.calls).toBeLessThan(quick.calls / 2);
});

test('one of three goes dark under load: no call fails, and soon none goes there', async () => {
  await using a = await startReplica('a');
  await using b = await startReplica('b');
  await using c = await startReplica('c');
  await using users = open([a.url, b.url, c.url], { timeoutMs: 1_000 });
  let failed = 0;
  let answered = 0;
  let isOver = false;
  const worker = async (): Promise<void> => {
    while (!isOver) {
      await users.get().then(
        () => (answered += 1),
        () => (failed += 1),
      );
      await sleep(5);
    }
  };
  const load = Promise.all(Array.from({ length: 30 }, worker));
  await sleep(40);
  b.mood = 'dark';
  await until('it is so', () => users.states().includes('ejected'));
  const answeredAtEjection = answered;
  await until('what was on its way is there', () => answered > answeredAtEjection + 60);
  const callsAfterEjection = b.calls;
  await until('there was a lot of traffic', () => answered > answeredAtEjection + 1_000);
  isOver = true;
  await load;
  expect(failed).toBe(0);
  expect(b.calls).toBe(callsAfterEjection);
});

test('never more than half of the targets are left alone', async () => {
  await using a = await startReplica('a');
  await using b = await startReplica('b');
  await using c = await startReplica('c');
  for (const replica of [a, b, c]) replica.mood = 'failing';
  await using users = open([a.url, b.url, c.url], { circuit: { minimumCalls: 10_000 } });
  for (let call = 0; call < 100; call += 1) await users.get().catch(() => undefined);
  expect(users.states().filter((state) => state === 'ejected')).toHaveLength(1);
  await using alone = open([a.url], { circuit: { minimumCalls: 10_000 } });
  for (let call = 0; call < 20; call += 1) await alone.get().catch(() => undefined);
  expect(alone.states()).toEqual(['ok']);
});

test('a target that is back gets one call on trial, and all of its share when that went well', async () => {
  await using a = await startReplica('a');
  await using b = await startReplica('b');
  await using users = open([a.url, b.url], { eject: { after: 3, forMs: 100 } });
  b.mood = 'failing';
  for (let call = 0; call < 40; call += 1) await users.get().catch(() => undefined);
  expect(users.states()).toEqual(['ok', 'ejected']);
  await until('it is so', () => users.states()[1] === 'ok');
  const before = b.calls;
  await Promise.all(Array.from({ length: 30 }, () => users.get().catch(() => undefined)));
  expect(b.calls - before).toBeLessThanOrEqual(1);
  await until('it is so', () => users.states()[1] === 'ok');
  b.mood = 'well';
  await until('it is so', async () => (await users.get()).from === 'b');
  const after = b.calls;
  for (let call = 0; call < 100; call += 1) await users.get();
  expect(b.calls - after).toBeGreaterThan(20);
});

test('a target that does not pass its health check gets no calls, and gets them again when it does', async () => {
  await using a = await startReplica('a');
  await using b = await startReplica('b');
  await using users = open([a.url, b.url], { check: { path: '/health', everyMs: 20 } });
  b.mood = 'failing';
  await until('it is so', () => users.states()[1] === 'unhealthy');
  const before = b.calls;
  for (let call = 0; call < 50; call += 1) expect(await users.get()).toEqual({ from: 'a' });
  expect(b.calls).toBe(before);
  b.mood = 'well';
  await until('it is so', () => users.states()[1] === 'ok');
  await until('it is so', async () => (await users.get()).from === 'b');
});

test('when too few targets are well, all of them are asked', async () => {
  await using a = await startReplica('a');
  await using b = await startReplica('b');
  await using c = await startReplica('c');
  await using users = open([a.url, b.url, c.url], {
    check: { path: '/health', everyMs: 20 },
    retry: { tries: 1 },
  });
  for (const replica of [b, c]) replica.mood = 'failing';
  await until('it is so', () => users.states().filter((state) => state === 'unhealthy').length === 2);
  const before = b.calls + c.calls;
  for (let call = 0; call < 30; call += 1) await users.get().catch(() => undefined);
  expect(b.calls + c.calls).toBeGreaterThan(before);
});

describe('names', () => {
  test('replicas that a name gains are found and those it loses are left, without a restart', async () => {
    await using names = await NameServer.start();
    const port = await findFreePort();
    await using first = await startReplica('first', port, '127.0.0.11');
    await using second = await startReplica('second', port, '127.0.0.12');
    names.set('users.test', '127.0.0.11');
    await using users = open([`http://users.test:${port}`], {
      dns: { servers: [names.address], refreshMs: 20 },
    });
    expect(await users.get()).toEqual({ from: 'first' });

    names.set('users.test', '127.0.0.11', '127.0.0.12');
    await until('it is so', async () => (await users.get()).from === 'second');
    names.set('users.test', '127.0.0.12');
    await until('it is so', async () => (await users.get(), users.upstream.state().targets.length === 1));
    const before = first.calls;
    for (let call = 0; call < 20; call += 1) expect(await users.get()).toEqual({ from: 'second' });
    expect(first.calls).toBe(before);
    await until('it is so', () => first.open() === 0);
    expect(second.calls).toBeGreaterThanOrEqual(20);
  });

  test('a name that cannot be resolved any more keeps its addresses', async () => {
    await using names = await NameServer.start();
    await using only = await startReplica('only');
    names.set('users.test', '127.0.0.1');
    await using users = open([`http://users.test:${only.port}`], {
      dns: { servers: [names.address], refreshMs: 10 },
    });
    await users.get();
    names.set('users.test');
    const before = names.questions;
    for (let call = 0; call < 20; call += 1) {
      expect(await users.get()).toEqual({ from: 'only' });
      await sleep(5);
    }
    expect(names.questions).toBeGreaterThan(before);
  });

  test('a name that is not there yet is unreachable, and is found as soon as it is', async () => {
    await using names = await NameServer.start();
    await using only = await startReplica('only');
    await using users = open([`http://users.test:${only.port}`], {
      dns: { servers: [names.address], refreshMs: 10 },
    });
    await expect(users.get()).rejects.toMatchObject({ upstream: 'users', reason: 'unreachable' });
    names.set('users.test', '127.0.0.1');
    await until('it is so', async () => (await users.get().catch(() => undefined))?.from === 'only');
  });

  test('a name server that says nothing costs a call its time and no more', async () => {
    await using names = await NameServer.start();
    names.isSilent = true;
    const dns = { servers: [names.address], refreshMs: 10 };
    await using users = open(['http://users.test'], { dns, timeoutMs: 150 });
    const startedMs = performance.now();
    await expect(users.get()).rejects.toMatchObject({ upstream: 'users', reason: 'timeout' });
    expect(performance.now() - startedMs).toBeLessThan(650);
    expect(users.upstream.state()).toMatchObject({ inFlight: 0 });
  });

  test('localhost is one replica, whatever families it resolves to', async () => {
    await using only = await startReplica('only');
    await using users = open([`http://localhost:${only.port}`]);
    for (let call = 0; call < 10; call += 1) expect(await users.get()).toEqual({ from: 'only' });
    expect(users.states()).toEqual(['ok']);
    expect(users.upstream.state().calls.retries).toBe(0);
  });
});
