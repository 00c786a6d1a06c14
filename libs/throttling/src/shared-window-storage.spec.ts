import { RedisStore, readStoreUrl } from '@bff/store';
import { type Broker, describeWithBroker, startRedis, until } from '@bff/testing';
import { SharedWindowStorage } from './shared-window-storage.js';

describeWithBroker('redis', () => {
  let redis: Broker;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis[Symbol.asyncDispose]());

  async function openReplicas(count: number) {
    const stores = Array.from({ length: count }, () => new RedisStore({ url: readStoreUrl(redis.url) }));
    return {
      replicas: stores.map((store) => new SharedWindowStorage(store)),
      stores,
      [Symbol.asyncDispose]: async () => void (await Promise.all(stores.map((store) => store.close()))),
    };
  }

  test('a limit of 100 lets exactly 100 of 300 pass, over three replicas at once', async () => {
    await using world = await openReplicas(3);
    // Connections are there, and so few at a time that a crowded machine answers within their patience.
    await Promise.all(world.replicas.map((replica) => replica.increment('warm', 60_000, 100)));
    const records = [];
    for (let round = 0; round < 20; round += 1) {
      const hits = Array.from({ length: 15 }, (_, index) =>
        world.replicas[index % 3]!.increment('caller:7', 60_000, 100),
      );
      records.push(...(await Promise.all(hits)));
    }
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
