import { setTimeout as sleep } from 'node:timers/promises';
import { type Broker, describeWithBroker, startRedis, until } from '@bff/testing';
import { createStore } from '../create-store.js';
import { type Store, StoreUnavailableError } from '../store.js';
import { startLoadedProcess } from './loaded-process.fixture.js';

const timeoutMs = 100;
/** For a machine that does other things too. */
const marginMs = 400;

describeWithBroker('redis', () => {
  let broker: Broker;
  let store: Store;
  let changes: [boolean, string][];
  beforeEach(async () => {
    broker = await startRedis();
    changes = [];
    store = createStore({ url: broker.url, timeoutMs, onChange: (...change) => changes.push(change) });
    await store.set('key', 'value', 60_000);
  });
  afterEach(async () => {
    await store.close();
    await broker[Symbol.asyncDispose]();
  });
  const isBack = () => until('the store to be back', () => store.isAvailable);

  test('while Redis is stopped everything is refused, and all is well by itself once it is back', async () => {
    await broker.stop();
    await until('it to be noticed', () => !store.isAvailable);
    await expectAllRefused(store);
    await broker.start();
    await isBack();
    await store.set('key', 'value', 60_000);
    expect(await store.get('key')).toBe('value');
    expect(changes.map(([isAvailable]) => isAvailable)).toEqual([false, true]);
  });

  test('a Redis that says nothing is noticed by the first who waits in vain, and nobody waits after that', async () => {
    broker.freeze();
    const startedMs = performance.now();
    await expectAllRefused(store);
    expect(performance.now() - startedMs).toBeLessThan(timeoutMs + marginMs);
    expect(store.isAvailable).toBe(false);
    expect(changes).toEqual([[false, 'no answer within 100 ms']]);
    broker.thaw();
    await isBack();
    expect(await store.get('key')).toBe('value');
    expect(changes).toHaveLength(2);
  });

  test('a Redis that says nothing is noticed although nobody asks it anything', async () => {
    broker.freeze();
    await until('it to be noticed', () => !store.isAvailable);
    broker.thaw();
    await isBack();
  });

  test('this process being busy is no silence of Redis', async () => {
    const asked = [store.get('key'), store.get('key')];
    await new Promise(setImmediate);
    const untilMs = performance.now() + 3 * timeoutMs;
    while (performance.now() < untilMs);
    expect(await Promise.all(asked)).toEqual(['value', 'value']);
    expect(changes).toEqual([]);
  });

  test('whoever waits for a lock is told when Redis goes', async () => {
    await store.lock('key', { ttlMs: 60_000, waitMs: 0 });
    const waiting = [1, 2].map(() => store.lock('key', { ttlMs: 60_000, waitMs: 60_000 }));
    const told = Promise.all(waiting.map((one) => expect(one).rejects.toThrow(StoreUnavailableError)));
    await sleep(20);
    await broker.stop();
    await told;
  });

  test('subscriptions live on, and are told that they may have missed something', async () => {
    const heard: string[] = [];
    await store.subscribe('channel', (message) => heard.push(message), { onGap: () => heard.push('gap') });
    await store.publish('channel', 'before');
    await until('a message', () => heard.length > 0);
    await broker.stop();
    await until('it to be noticed', () => !store.isAvailable);
    const late = store.subscribe('channel', (message) => heard.push(`late ${message}`), {
      onGap: () => heard.push('late gap'),
    });
    await late;
    await broker.start();
    await until('both to hear again', () => heard.length === 3);
    await isBack();
    await store.publish('channel', 'after');
    await until('a message', () => heard.length === 5);
    expect(heard).toEqual(['before', 'gap', 'late gap', 'after', 'late after']);
  });

  test('a store whose Redis was away from the beginning says so, and finds it', async () => {
    await broker.stop();
    const other = createStore({ url: broker.url, timeoutMs });
    await expect(other.get('key')).rejects.toThrow('ECONNREFUSED');
    expect(other.isAvailable).toBe(false);
    await broker.start();
    await until('the other store to be there', () => other.isAvailable);
    expect(await other.get('key')).toBeUndefined();
    await other.close();
  });

  test('a closed store refuses everything, without a change', async () => {
    await store.subscribe('channel', () => undefined);
    await store.close();
    await store.close();
    await expectAllRefused(store);
    await expect(store.subscribe('channel', () => undefined)).rejects.toThrow('closed');
    expect(changes).toEqual([]);
  });

  test('what was asked is answered before the store is closed', async () => {
    const asked = store.get('key');
    await store.close();
    expect(await asked).toBe('value');
  });
});

describeWithBroker('redis', () => {
  test('under load nothing hangs, breaks or piles up while Redis is stopped, frozen and started again', async () => {
    await using broker = await startRedis();
    using loaded = await startLoadedProcess(broker.url);
    const isAvailable = (is: boolean) =>
      until(`the store to be ${is ? '' : 'un'}available`, async () => {
        const report = await loaded.report();
        return report.isAvailable === is && report;
      });
    await isAvailable(true);
    let atFirst = await loaded.report();
    for (let round = 1; round <= 4; round += 1) {
      if (round % 2 === 1) broker.freeze();
      else await broker.stop();
      await isAvailable(false);
      await sleep(50);
      if (round % 2 === 1) broker.thaw();
      else await broker.start();
      const report = await isAvailable(true);
      expect(report.odd).toEqual([]);
      expect(report.slowestMs).toBeLessThan(2 * 250 + marginMs);
      if (round === 2) atFirst = await loaded.report();
    }
    await until('all subscriptions to be back', async () => (await loaded.report()).gaps >= 2);
    const atLast = await loaded.report();
    expect(atLast.changes).toEqual([false, true, false, true, false, true, false, true]);
    expect(atLast.answered).toBeGreaterThan(atFirst.answered);
    expect(atLast.sockets).toBe(2);
    expect(atLast.timers).toBeLessThan(200);
    expect(atLast.heapBytes).toBeLessThan(atFirst.heapBytes + 4 * 1024 * 1024);
    expect(await loaded.finish()).toEqual({ code: 0, output: '' });
  }, 60_000);
});

async function expectAllRefused(store: Store): Promise<void> {
  const asked = [
    store.get('key'),
    store.set('other key', 'other', 60_000),
    store.setIfAbsent('other key', 'other', 60_000),
    store.compareAndSet('other key', 'other', 'another', 60_000),
    store.delete('other key'),
    store.increment('key', 1, 60_000),
    store.lock('key', { ttlMs: 1_000, waitMs: 0 }),
    store.lock('key', { ttlMs: 1_000, waitMs: 60_000 }),
    store.publish('channel', 'message'),
  ];
  for (const answer of await Promise.allSettled(asked))
    expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
}
