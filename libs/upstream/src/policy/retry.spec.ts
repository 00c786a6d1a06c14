import { backoffMs } from './retry.js';
import { defaultPolicy } from './upstream-policy.js';

test('waits are anything between nothing and a bound that doubles from 25 ms to ten times that', () => {
  const longest = [1, 2, 3, 4, 5, 20].map((tries) => backoffMs(tries, defaultPolicy.retry, () => 1));
  expect(longest).toEqual([25, 50, 100, 200, 250, 250]);
  expect(backoffMs(3, defaultPolicy.retry, () => 0)).toBe(0);
  const waits = new Set(Array.from({ length: 50 }, () => backoffMs(3, defaultPolicy.retry)));
  expect(waits.size).toBeGreaterThan(45);
});
