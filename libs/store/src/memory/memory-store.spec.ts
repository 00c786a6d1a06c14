import { setTimeout as sleep } from 'node:timers/promises';
import { testStoreContract } from '../store-contract.fixture.js';
import { MemoryStore } from './memory-store.js';

describe('contract', () => {
  const store = new MemoryStore();
  testStoreContract(() => store);
});

test('what was kept is found until its time is over', async () => {
  const store = new MemoryStore();
  await store.set('short', 'a', 20);
  await store.set('long', 'b', 60_000);
  expect([await store.get('short'), await store.get('long'), await store.get('other')]).toEqual([
    'a',
    'b',
    undefined,
  ]);
  await sleep(40);
  expect([await store.get('short'), await store.get('long')]).toEqual([undefined, 'b']);
});

test('it never holds more than its bytes: what was used last stays', async () => {
  const store = new MemoryStore(10_000);
  await store.set('first', 'x'.repeat(1_000), 60_000);
  for (let index = 0; index < 100; index += 1) {
    await store.set(`key-${index}`, 'x'.repeat(500), 60_000);
    await store.get('first');
  }
  expect(store.bytes).toBeLessThanOrEqual(10_000);
  expect(await store.get('first')).toBeDefined();
  expect(await store.get('key-0')).toBeUndefined();
  expect(await store.get('key-99')).toBeDefined();
});
