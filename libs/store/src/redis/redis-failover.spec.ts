import {
  brokerTestTimeoutMs,
  describeWithBroker,
  startRedisCluster,
  startRedisSentinels,
  until,
} from '@bff/testing';
import { createStore } from '../create-store.js';

const patienceMs = 30_000;

describeWithBroker('redis', () => {
  test(
    'a replica that sentinels choose takes the place of a master that says nothing',
    async () => {
      await using servers = await startRedisSentinels();
      await expectToOutlive(servers.url, async () => servers.master.freeze());
    },
    brokerTestTimeoutMs,
  );

  test(
    'a replica takes the place of a dead master of a cluster',
    async () => {
      await using servers = await startRedisCluster({ withReplicas: true });
      await expectToOutlive(servers.url, () => servers.masters[0]!.stop());
    },
    brokerTestTimeoutMs,
  );

  test(
    'a sentinel that says nothing keeps nobody from the others',
    async () => {
      await using servers = await startRedisSentinels();
      servers.sentinels[0]!.freeze();
      for (let round = 0; round < 3; round += 1) {
        await using stack = new AsyncDisposableStack();
        const store = stack.adopt(createStore({ url: servers.url }), (one) => one.close());
        await until('a store that answers', () => answers(store.get('key')), patienceMs);
      }
    },
    brokerTestTimeoutMs,
  );
});

async function expectToOutlive(url: string, breakOne: () => Promise<void>): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const store = stack.adopt(createStore({ url }), (one) => one.close());
  const heard: string[] = [];
  await store.subscribe('channel', (message) => heard.push(message));
  // Enough for each master of a cluster to have some.
  const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);
  for (const key of keys) await store.set(key, key, 600_000);
  const before = await store.lock('lock', { ttlMs: 1, waitMs: 0 });
  await breakOne();
  await until('it to be noticed', () => !store.isAvailable, patienceMs);
  await until('another to take its place', () => store.isAvailable, patienceMs);
  for (const key of keys) {
    // The nodes of a cluster learn of it one after the other.
    const value = await until('an answer', () => store.get(key).catch(() => undefined), patienceMs);
    expect(value).toBe(key);
    await until('a write', () => answers(store.set(key, 'later', 600_000)), patienceMs);
  }
  const after = await store.lock('lock', { ttlMs: 1, waitMs: 5_000 });
  expect(after!.token).toBeGreaterThan(before!.token);
  await until(
    'messages to be heard',
    async () => {
      await answers(store.publish('channel', 'message'));
      return heard.length > 0;
    },
    patienceMs,
  );
}

function answers(asked: Promise<unknown>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  );
}
