import { toReconnectDelayMs } from './reconnect-delay.js';

test.each([
  [0, 50],
  [1, 100],
  [3, 400],
  [5, 1_000],
  [10_000, 1_000],
])('after %i failures the next connection waits for %i ms, or down to a half of that', (failures, ms) => {
  const delays = Array.from({ length: 200 }, () => toReconnectDelayMs(failures));
  expect(Math.max(...delays)).toBeLessThanOrEqual(ms);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(ms / 2);
  expect(new Set(delays).size).toBeGreaterThan(100);
});
