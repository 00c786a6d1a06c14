import { ReconnectDelay } from './reconnect-delay.js';

/** How long an address is left alone after as many failures in a row. */
function waitMs(failures: number): number {
  const delay = new ReconnectDelay();
  for (let failure = 0; failure < failures; failure += 1) delay.lost(0, false);
  let nowMs = 0;
  while (!delay.isOver(nowMs)) nowMs += 1;
  return nowMs;
}

test.each([
  [1, 50],
  [2, 100],
  [4, 400],
  [5, 800],
  [50, 800],
])(
  'after %i failures in a row an address is left alone for %i ms, and up to a fifth more',
  (failures, ms) => {
    const waits = Array.from({ length: 100 }, () => waitMs(failures));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(ms);
    expect(Math.max(...waits)).toBeLessThanOrEqual(ms * 1.2 + 1);
  },
);

test('after a connection that worked the next attempt may be made at once', () => {
  const delay = new ReconnectDelay();
  for (let failure = 0; failure < 5; failure += 1) delay.lost(0, false);
  delay.lost(2_000, true);
  expect(delay.isOver(2_000)).toBe(true);
  delay.lost(2_000, false);
  expect(delay.isOver(2_049)).toBe(false);
  expect(delay.isOver(2_061)).toBe(true);
});

test('before the first failure there is no delay', () => {
  expect(new ReconnectDelay().isOver(0)).toBe(true);
});
