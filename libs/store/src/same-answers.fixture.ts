import * as fc from 'fast-check';
import type { Store } from './store.js';

const longMs = 60_000;

/** Two who do the same to two stores hear the same. */
export async function expectSameAnswers(one: Store, other: Store): Promise<void> {
  const key = fc.constantFrom('a', 'b', 'c');
  const value = fc.constantFrom('', '1', '2', 'Ada 愛');
  const ttlMs = fc.constantFrom(0, longMs);
  const step = fc.oneof(
    fc.record({ does: fc.constant('get' as const), key }),
    fc.record({ does: fc.constant('set' as const), key, value, ttlMs }),
    fc.record({ does: fc.constant('setIfAbsent' as const), key, value, ttlMs }),
    fc.record({ does: fc.constant('compareAndSet' as const), key, expected: value, value, ttlMs }),
    fc.record({ does: fc.constant('delete' as const), key }),
    fc.record({ does: fc.constant('increment' as const), key, by: fc.integer({ min: -5, max: 5 }) }),
  );
  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
  const take = async (store: Store, run: string, taken: Step): Promise<unknown> => {
    const name = run + taken.key;
    switch (taken.does) {
      case 'get':
        return store.get(name);
      case 'set':
        return store.set(name, taken.value, taken.ttlMs);
      case 'setIfAbsent':
        return store.setIfAbsent(name, taken.value, taken.ttlMs);
      case 'compareAndSet':
        return store.compareAndSet(name, taken.expected, taken.value, taken.ttlMs);
      case 'delete':
        return store.delete(name);
      case 'increment':
        return (await store.increment(name, taken.by, longMs)).value;
    }
  };
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      run += 1;
      for (const taken of steps)
        expect([taken, await take(one, `${run}`, taken)]).toEqual([
          taken,
          await take(other, `${run}`, taken),
        ]);
    }),
    { numRuns: 60 },
  );
}
