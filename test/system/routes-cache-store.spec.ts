import { brokerTestTimeoutMs, describeWithBroker, startRedis, until } from '@bff/testing';
import type { Bff } from '../world/bff.js';
import { startCachedRoutes, textAt } from '../world/cached-routes.js';

/** What the metrics of the cache of routes say, by result. */
async function countsOf(bff: Bff, name: string): Promise<Record<string, number>> {
  const { text } = await bff.management.get('/metrics');
  const lines = text.matchAll(new RegExp(`^${name}\\{result="(\\w+)"\\} (\\d+)$`, 'gm'));
  return Object.fromEntries([...lines].map(([, result = '', count]) => [result, Number(count)]));
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const startedMs = performance.now();
  return { value: await work(), ms: performance.now() - startedMs };
}

test('the metrics tell what the cache of the routes did', async () => {
  await using world = await startCachedRoutes();
  for (const path of ['/books/1', '/books/1', '/games/1', '/books/1']) await textAt(world.one, path);
  expect(await countsOf(world.one, 'bff_route_cache_total')).toEqual({
    hits: 2,
    misses: 2,
    revalidated: 0,
    stale: 0,
  });
  expect((await world.one.management.get('/metrics')).text).toMatch(/^bff_route_cache_bytes [1-9]\d*$/m);
});

describeWithBroker('redis', () => {
  test(
    'a store that says nothing costs a request little, and none once it is known; what is kept in the process serves',
    async () => {
      await using redis = await startRedis();
      await using world = await startCachedRoutes({ REDIS_URL: redis.url });
      const { one, other, service } = world;
      let kept = '';
      await until('the store is there for both', async () => {
        kept = `/books/kept-${service.seen.length}`;
        return (await textAt(one, kept)) === (await textAt(other, kept));
      });
      const found = await countsOf(other, 'bff_route_cache_store_total');
      expect(found['found']).toBeGreaterThan(0);

      redis.freeze();
      const before = service.seen.length;
      const first = await timed(() => textAt(one, '/books/first'));
      expect(first.value).toContain('/books/first');
      // 50 ms for the store, and what a machine with other work takes beside it.
      expect(first.ms).toBeLessThan(400);
      expect((await countsOf(one, 'bff_route_cache_store_total'))['late']).toBeGreaterThan(0);
      await until('the store is known to be away', async () => {
        const { text } = await one.management.get('/metrics');
        return text.includes('bff_store_available 0');
      });
      const { ms } = await timed(async () => {
        for (let index = 0; index < 20; index += 1) await textAt(one, `/games/${index}`);
      });
      // Each of them would have waited for 50 ms.
      expect(ms).toBeLessThan(20 * 50);
      expect(service.seen.length).toBe(before + 21);
      expect(await textAt(one, '/books/first')).toBe(first.value);
      expect(service.seen.length).toBe(before + 21);

      redis.thaw();
      await until('replicas share again', async () => {
        const path = `/books/again-${service.seen.length}`;
        return (await textAt(one, path)) === (await textAt(other, path));
      });
    },
    brokerTestTimeoutMs,
  );
});
