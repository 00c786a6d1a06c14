import { AsyncLocalStorage } from 'node:async_hooks';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AdmissionQueue, arrivedMs } from './admission-queue.js';

/** Calls by number, which enter together, and what became of them. */
function enter(count: number) {
  const clock = { ms: 1_000 };
  const left: string[] = [];
  const queue = new AdmissionQueue(
    () => clock.ms,
    () => left.push('left'),
  );
  const begun: number[] = [];
  const calls = Array.from({ length: count }, (_, index) => {
    const request = new IncomingMessage(new Socket());
    queue.enter(request, () => begun.push(index));
    return request;
  });
  return { queue, clock, begun, calls, left };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('four are begun at once, and four more in each turn after it, the oldest first', async () => {
  const { queue, begun } = enter(14);
  for (const count of [4, 8, 12, 14, 14]) {
    expect(begun).toEqual(upTo(count));
    expect(queue.length).toBe(14 - count);
    await nextTurn();
  }
});

test('who comes while others wait is behind them, also in a turn that has begun fewer than it may', async () => {
  const { queue, begun } = enter(5);
  const request = new IncomingMessage(new Socket());
  queue.enter(request, () => begun.push(5));
  expect(begun).toEqual(upTo(4));
  await nextTurn();
  expect(begun).toEqual(upTo(6));
});

test.each([0, 3, 4, 5, 8, 12])('after %s of before a turn begins four again', async (count) => {
  const { queue, begun } = enter(count);
  while (queue.length > 0) await nextTurn();
  await nextTurn();
  for (let index = count; index < count + 5; index += 1) {
    const request = new IncomingMessage(new Socket());
    queue.enter(request, () => begun.push(index));
  }
  expect(begun).toEqual(upTo(count + 4));
});

test('who has left by then is not begun, but told of, and costs the others no place', async () => {
  const { begun, calls, left } = enter(12);
  for (const { socket } of calls.slice(4, 8)) socket.destroy();
  await nextTurn();
  expect(begun).toEqual([0, 1, 2, 3, 8, 9, 10, 11]);
  expect(left).toHaveLength(4);
});

test('hundreds are all begun, in the order in which they came', async () => {
  const { begun } = enter(500);
  while (begun.length < 500) await nextTurn();
  expect(begun).toEqual(upTo(500));
});

test('who is next has waited since he came; nobody has when nobody waits', async () => {
  const none = enter(4);
  expect(none.queue.waitedMs(none.clock.ms + 50)).toBe(0);
  const { queue, clock } = enter(8);
  clock.ms += 30;
  queue.enter(new IncomingMessage(new Socket()), () => undefined);
  expect(queue.waitedMs(clock.ms)).toBe(30);
  await nextTurn();
  expect(queue.waitedMs(clock.ms + 5)).toBe(5);
  await nextTurn();
  expect(queue.waitedMs(clock.ms + 5)).toBe(0);
});

test('a request has arrived when it came, not when it is begun', async () => {
  const { calls, clock } = enter(5);
  const cameMs = clock.ms;
  clock.ms += 20;
  await nextTurn();
  expect(arrivedMs(calls[4] as IncomingMessage)).toBe(cameMs);
  const beforeMs = performance.now();
  expect(arrivedMs(calls[0] as IncomingMessage)).toBeGreaterThanOrEqual(beforeMs);
});

test('what is begun in a later turn does not run within the request that came first', async () => {
  const request = new AsyncLocalStorage<string>();
  const queue = new AdmissionQueue(
    () => 0,
    () => undefined,
  );
  const seen: unknown[] = [];
  const call = (): void => {
    const message = new IncomingMessage(new Socket());
    queue.enter(message, () => seen.push(request.getStore()));
  };
  request.run('the first', () => upTo(6).forEach(call));
  await nextTurn();
  expect(seen.slice(4)).toEqual([undefined, undefined]);
});
