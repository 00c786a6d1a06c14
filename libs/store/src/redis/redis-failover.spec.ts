import {
  brokerTestTimeoutMs,
  describeWithBroker,
  startRedisCluster,
  startRedisSentinels,
  until,
} from '@bff/testing';
import { createStore } from '../create-store.js';
import type { Store } from '../store.js';

const patienceMs = 30_000;

describeWithBroker('redis', () => {
  test(
    'a replica that sentinels choose takes the place of a dead master',
    async () => {
      await using servers = await startRedisSentinels();
      await expectToOutlive(servers.url, () => servers.master.stop());
    },
    brokerTestTimeoutMs,
  );

  test(
    'a replica takes the place of a master of a cluster that says nothing',
    async () => {
      await using servers = await startRedisCluster({ withReplicas: true });
      await expectToOutlive(servers.url, async () => servers.masters[0]!.freeze());
    },
    brokerTestTimeoutMs,
  );

  test(
    'a sentinel that says nothing keeps nobody from the others',
    async () => {
      await using servers = await startRedisSentinels();
      servers.sentinels[0]!.freeze();
      for (let round = 0; round < 3; round += 1) {
        const store = createStore({ url: servers.url });
        await until('a store that answers', () => answers(store), patienceMs);
        await store.close();
      }
    },
    brokerTestTimeoutMs,
  );
});

async function expectToOutlive(url: string, breakOne: () => Promise<void>): Promise<void> {
  const changes: boolean[] = [];
  const store = createStore({ url, onChange: (isAvailable) => changes.push(isAvailable) });
  let gaps = 0;
  const heard: string[] = [];
  await store.subscribe('channel', (message) => heard.push(message), { onGap: () => (gaps += 1) });
  // Enough for each master of a cluster to have some.
  const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);
  for (const key of keys) await store.set(key, key, 600_000);
  const before = await store.lock('lock', { ttlMs: 1, waitMs: 0 });
  await breakOne();
  await until('it to be noticed', () => !store.isAvailable, patienceMs);
  await until('another to take its place', () => store.isAvailable, patienceMs);
  for (const key of keys) expect(await store.get(key)).toBe(key);
  for (const key of keys) await store.set(key, 'later', 600_000);
  const after = await store.lock('lock', { ttlMs: 1, waitMs: 0 });
  expect(after!.token).toBeGreaterThan(before!.token);
  await until(
    'messages to be heard',
    async () => {
      await store.publish('channel', 'message').catch(() => undefined);
      return heard.length > 0;
    },
    patienceMs,
  );
  expect(changes).toEqual([false, true]);
  await store.close();
}

function answers(store: Store): Promise<boolean> {
  return store.get('key').then(
    () => true,
    () => false,
  );
}
