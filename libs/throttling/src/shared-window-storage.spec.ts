import { RedisStore, readStoreUrl } from '@bff/store';
import { type Broker, describeWithBroker, startRedis, until } from '@bff/testing';
import { LimitCounts } from './limit-counts.js';
import { SharedWindowStorage } from './shared-window-storage.js';

describeWithBroker('redis', () => {
  let redis: Broker;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis[Symbol.asyncDispose]());

  async function openReplicas(count: number) {
    const stores = Array.from({ length: count }, () => new RedisStore({ url: readStoreUrl(redis.url) }));
    const counts = new LimitCounts();
    return {
      counts,
      replicas: stores.map((store) => new SharedWindowStorage(store, counts)),
      stores,
      [Symbol.asyncDispose]: async () => void (await Promise.all(stores.map((store) => store.close()))),
    };
  }

  test('a limit of 100 lets exactly 100 of 300 pass, over three replicas at once', async () => {
    await using world = await openReplicas(3);
    // Connections are there, and so few at a time that a crowded machine answers within their patience.
    await Promise.all(world.replicas.map((replica) => replica.increment('warm', 60_000, 100)));
    const hitInRounds = async (key: string) => {
      const records = [];
      for (let round = 0; round < 20; round += 1) {
        const hits = Array.from({ length: 15 }, (_, index) =>
          world.replicas[index % 3]!.increment(key, 60_000, 100),
        );
        records.push(...(await Promise.all(hits)));
      }
      return records;
    };
    // The promise is about what was counted in the store: a machine that stands still may be later than the patience.
    const records = await until('the store was in time for all of them', async () => {
      const before = world.counts.replica;
      const counted = await hitInRounds(`caller:${crypto.randomUUID()}`);
      return world.counts.replica === before && counted;
    });
    expect(records.filter(({ isBlocked }) => !isBlocked)).toHaveLength(100);
    expect(records.every(({ timeToExpire }) => timeToExpire > 55)).toBe(true);
  });

  test('a window that is over starts anew', async () => {
    await using world = await openReplicas(1);
    const [replica] = world.replicas;
    await replica?.increment('short', 20, 1);
    await until('it is over', async () => (await replica?.increment('short', 20, 1))?.totalHits === 1);
  });

  test('while Redis says nothing a limit costs little, each replica counts for itself, and all heals', async () => {
    await using world = await openReplicas(2);
    const hit = (replica: number) => world.replicas[replica]!.increment('b', 60_000, 5);
    await Promise.all([hit(0), hit(1)]);
    redis.freeze();
    const startedMs = performance.now();
    const counted = await Promise.all(Array.from({ length: 8 }, () => hit(0)));
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(counted.filter(({ isBlocked }) => !isBlocked)).toHaveLength(5);
    redis.thaw();
    await until(
      'they count together again',
      async () => (await hit(0)).totalHits < (await hit(1)).totalHits,
      5_000,
    );
  });
});
