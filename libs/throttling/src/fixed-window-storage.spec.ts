import { FixedWindowStorage } from './fixed-window-storage.js';

test('a window lets exactly its limit pass and says when it ends', async () => {
  const storage = new FixedWindowStorage();
  const hit = () => storage.increment('a', 60_000, 2);
  expect(await hit()).toEqual({ totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
  expect((await hit()).isBlocked).toBe(false);
  expect(await hit()).toEqual({ totalHits: 3, timeToExpire: 60, isBlocked: true, timeToBlockExpire: 60 });
});

test('a window that is over starts anew', async () => {
  const storage = new FixedWindowStorage();
  await storage.increment('a', 1, 1);
  const startedMs = performance.now();
  while (performance.now() - startedMs < 2);
  expect((await storage.increment('a', 1, 1)).totalHits).toBe(1);
});

test('trackers do not count for each other, and memory is bounded: the least recent one is forgotten', async () => {
  const storage = new FixedWindowStorage(2);
  for (const key of ['a', 'b', 'a', 'c']) await storage.increment(key, 60_000, 10);
  expect((await storage.increment('a', 60_000, 10)).totalHits).toBe(3);
  expect((await storage.increment('b', 60_000, 10)).totalHits).toBe(1);
});

test('what weighs more uses up more of a window', async () => {
  const storage = new FixedWindowStorage();
  expect(await storage.add('a', 5, 60_000, 8)).toMatchObject({ totalHits: 5, isBlocked: false });
  expect(await storage.add('a', 3, 60_000, 8)).toMatchObject({ totalHits: 8, isBlocked: false });
  expect(await storage.increment('a', 60_000, 8)).toMatchObject({ totalHits: 9, isBlocked: true });
});
