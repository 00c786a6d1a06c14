import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError } from '../store.js';
import { MemoryLocks } from './memory-locks.js';

test('no held lock is given up for another: when there are too many, a new one is refused', async () => {
  const locks = new MemoryLocks(3, () => undefined);
  for (const key of ['a', 'b', 'c'])
    expect(locks.take(key, 60_000)).toMatchObject({ token: expect.any(Number) });
  expect(() => locks.take('d', 60_000)).toThrow(StoreUnavailableError);
  expect(locks.take('a', 60_000)).toMatchObject({ askAgainInMs: expect.any(Number) });
});

test('there is room where a lock was released, and where the time of one is over', async () => {
  const released: string[] = [];
  const locks = new MemoryLocks(2, (key) => released.push(key));
  const first = locks.take('a', 60_000);
  locks.take('b', 10);
  if ('token' in first) await first.release();
  expect(released).toEqual(['a']);
  locks.take('c', 60_000);
  await sleep(15);
  expect(locks.take('d', 60_000)).toMatchObject({ token: expect.any(Number) });
  expect(() => locks.take('e', 60_000)).toThrow('2 locks are held already');
});
