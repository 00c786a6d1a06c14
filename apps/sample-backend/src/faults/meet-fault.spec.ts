import { getEventListeners } from 'node:events';

import { meetFault } from './meet-fault.js';

test('a call without a fault is served', async () => {
  expect(await meetFault({}, new AbortController().signal)).toBe('serve');
});

test('a caller that hangs up ends the delay at once and leaves nothing behind', async () => {
  const caller = new AbortController();
  const outcome = meetFault({ delayMs: 600_000, status: 500 }, caller.signal);
  caller.abort();
  expect(await outcome).toBe('gone');
  expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
});

test('the status comes after the delay', async () => {
  expect(await meetFault({ delayMs: 5, status: 503 }, new AbortController().signal)).toEqual({ status: 503 });
});
