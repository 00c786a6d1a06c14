import { CallScope } from '../engine/call-scope.js';
import { Bulkhead } from './bulkhead.js';

const scope = () => new CallScope(performance.now() + 10_000);
const full = (waitMs = 30): Bulkhead => {
  const bulkhead = new Bulkhead('orders', { concurrent: 2, queue: 2, waitMs });
  while (bulkhead.tryEnter());
  return bulkhead;
};
const overloaded = expect.objectContaining({ reason: 'overloaded', upstream: 'orders', retryAfterMs: 1_000 });

test('as many calls get in as may run', () => {
  expect(full().inFlight).toBe(2);
});

test('who waits gets the next place, in the order of arrival', async () => {
  const bulkhead = full(5_000);
  const order: string[] = [];
  const first = bulkhead.queue(scope()).then(() => order.push('first'));
  const second = bulkhead.queue(scope()).then(() => order.push('second'));
  bulkhead.leave();
  bulkhead.leave();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
  expect([bulkhead.inFlight, bulkhead.queued]).toEqual([2, 0]);
  bulkhead.leave();
  bulkhead.leave();
  expect(bulkhead.inFlight).toBe(0);
});

test('beyond the queue calls are refused at once', async () => {
  const bulkhead = full(30);
  const waiting = [bulkhead.queue(scope()), bulkhead.queue(scope())].map((one) => one.catch(() => 'waited'));
  await expect(bulkhead.queue(scope())).rejects.toEqual(overloaded);
  expect(bulkhead.queued).toBe(2);
  expect(await Promise.all(waiting)).toEqual(['waited', 'waited']);
});

test('who has waited long enough is refused, and leaves the queue', async () => {
  const bulkhead = full(20);
  await expect(bulkhead.queue(scope())).rejects.toEqual(overloaded);
  expect(bulkhead.queued).toBe(0);
});

test('who is not waited for any more leaves the queue', async () => {
  const bulkhead = full(5_000);
  const leaving = scope();
  const waiting = bulkhead.queue(leaving);
  leaving.end(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  expect(bulkhead.queued).toBe(0);
});
