import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import type { Store } from './store.js';

const longMs = 60_000;

/** What every store promises of its locks. */
export function testLockContract(storeOf: (replica: 'ours' | 'theirs') => Store): void {
  let ours: Store;
  let theirs: Store;
  let number = 0;
  const fresh = (name: string): string => `${name}-${(number += 1)}`;
  beforeEach(() => {
    ours = storeOf('ours');
    theirs = storeOf('theirs');
  });

  test('a lock has one holder, and the next one when it is released', async () => {
    const key = fresh('key');
    const options = { ttlMs: longMs, waitMs: 0 };
    const first = await ours.lock(key, options);
    expect(await ours.lock(key, options)).toBeUndefined();
    expect(await theirs.lock(key, options)).toBeUndefined();
    await first?.release();
    const second = await theirs.lock(key, options);
    expect(second!.token).toBeGreaterThan(first!.token);
  });

  test('a lock whose time is over is free, and its late holder takes it from nobody', async () => {
    const key = fresh('key');
    const first = await ours.lock(key, { ttlMs: 30, waitMs: 0 });
    const second = await theirs.lock(key, { ttlMs: longMs, waitMs: 2_000 });
    expect(second!.token).toBeGreaterThan(first!.token);
    await first!.release();
    expect(await ours.lock(key, { ttlMs: longMs, waitMs: 0 })).toBeUndefined();
    await second!.release();
    await second!.release();
    expect(await ours.lock(key, { ttlMs: longMs, waitMs: 0 })).toBeDefined();
  });

  test('whoever waits for a lock in vain is told so in time, and keeps nobody from it', async () => {
    const key = fresh('key');
    const first = await ours.lock(key, { ttlMs: longMs, waitMs: 0 });
    const waiting = [ours, theirs].map((store) => store.lock(key, { ttlMs: longMs, waitMs: 40 }));
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
    await first!.release();
    expect(await theirs.lock(key, { ttlMs: longMs, waitMs: 0 })).toBeDefined();
  });

  test('of 200 who wait for one lock each gets it, one after the other, with a token above the last', async () => {
    const key = fresh('key');
    let holders = 0;
    const tokens: number[] = [];
    const use = async (store: Store): Promise<void> => {
      const lock = await store.lock(key, { ttlMs: longMs, waitMs: 15_000 });
      holders += 1;
      expect(holders).toBe(1);
      tokens.push(lock!.token);
      await new Promise(setImmediate);
      holders -= 1;
      await lock!.release();
    };
    await Promise.all(Array.from({ length: 200 }, (_, index) => use(index % 2 === 0 ? ours : theirs)));
    expect(tokens).toEqual(tokens.toSorted((one, other) => one - other));
    expect(new Set(tokens).size).toBe(200);
  });

  test('a lock never has two holders within its time, whatever they do with it', async () => {
    const step = fc.record({
      who: fc.constantFrom('ours' as const, 'theirs' as const),
      ttlMs: fc.integer({ min: 5, max: 40 }),
      waitMs: fc.constantFrom(0, 5, 100),
      keepMs: fc.integer({ min: 0, max: 15 }),
      forgets: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        const key = fresh('key');
        const held: { token: number; fromMs: number; endsMs: number }[] = [];
        await Promise.all(
          steps.map(async ({ who, ttlMs, waitMs, keepMs, forgets }) => {
            const askedMs = performance.now();
            const lock = await storeOf(who).lock(key, { ttlMs, waitMs });
            if (lock === undefined) return;
            const fromMs = performance.now();
            await sleep(keepMs);
            const releasedMs = forgets ? Infinity : performance.now();
            held.push({ token: lock.token, fromMs, endsMs: Math.min(releasedMs, askedMs + ttlMs) });
            if (!forgets) await lock.release();
          }),
        );
        const inOrder = held.toSorted((one, other) => one.token - other.token);
        for (const [index, { fromMs }] of inOrder.entries())
          expect(fromMs).toBeGreaterThanOrEqual(inOrder[index - 1]?.endsMs ?? 0);
        expect(new Set(held.map(({ token }) => token)).size).toBe(held.length);
      }),
      { numRuns: 15 },
    );
  });

  test('a lock needs a time', async () => {
    await expect(ours.lock(fresh('key'), { ttlMs: 0, waitMs: 0 })).rejects.toThrow(RangeError);
  });
}
