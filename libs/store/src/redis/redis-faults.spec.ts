import { setTimeout as sleep } from 'node:timers/promises';
import { type Broker, describeWithBroker, startRedis, until } from '@bff/testing';
import { Redis } from 'ioredis';
import { createStore } from '../create-store.js';
import { type Store, StoreUnavailableError } from '../store.js';
import { startLoadedProcess } from './loaded-process.fixture.js';

const timeoutMs = 400;
/** For a machine that does other things too: what hangs takes longer than any of it. */
const marginMs = 1_500;
const patienceMs = 15_000;

describeWithBroker('redis', () => {
  let broker: Broker;
  let store: Store;
  let changes: [boolean, string][];
  beforeEach(async () => {
    broker = await startRedis();
    changes = [];
    store = createStore({ url: broker.url, timeoutMs, onChange: (...change) => changes.push(change) });
    await until(
      'a connection',
      () =>
        store.set('key', 'value', 60_000).then(
          () => true,
          () => false,
        ),
      patienceMs,
    );
    changes = [];
  });
  afterEach(async () => {
    await store.close();
    await broker[Symbol.asyncDispose]();
  });
  const isBack = () => until('the store to be back', () => store.isAvailable, patienceMs);

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
    expect(changes).toEqual([[false, 'no answer within 400 ms']]);
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
    const untilMs = performance.now() + timeoutMs + 200;
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
    await using stack = new AsyncDisposableStack();
    const other = stack.adopt(createStore({ url: broker.url, timeoutMs }), (one) => one.close());
    await expect(other.get('key')).rejects.toThrow('ECONNREFUSED');
    expect(other.isAvailable).toBe(false);
    await broker.start();
    await until('the other store to be there', () => other.isAvailable, patienceMs);
    expect(await other.get('key')).toBeUndefined();
  });

  test('a master that became a replica is away until it is a master again', async () => {
    using admin = openAdmin(broker);
    await admin.redis.replicaof('127.0.0.1', '1');
    await expect(store.set('key', 'other', 60_000)).rejects.toThrow('READONLY');
    await sleep(50);
    await expect(store.get('key')).rejects.toThrow('READONLY');
    await admin.redis.replicaof('NO', 'ONE');
    await isBack();
    expect(changes.map(([isAvailable]) => isAvailable)).toEqual([false, true]);
  });

  test('a Redis that refuses a command for want of memory goes on with the others', async () => {
    using admin = openAdmin(broker);
    await admin.redis.config('SET', 'maxmemory', '1');
    await expect(store.set('key', 'other', 60_000)).rejects.toThrow(StoreUnavailableError);
    expect(await store.get('key')).toBe('value');
    expect(changes).toEqual([]);
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
      until(
        `the store to be ${is ? '' : 'un'}available`,
        async () => {
          const report = await loaded.report();
          return report.isAvailable === is && report;
        },
        patienceMs,
      );
    await isAvailable(true);
    let atFirst = await loaded.report();
    for (let round = 1; round <= 4; round += 1) {
      if (round % 2 === 0) broker.freeze();
      else await broker.stop();
      await isAvailable(false);
      await sleep(50);
      if (round % 2 === 0) broker.thaw();
      else await broker.start();
      const report = await isAvailable(true);
      expect(report.odd).toEqual([]);
      expect(report.slowestMs).toBeLessThan(2 * 250 + marginMs);
      if (round === 2) atFirst = await loaded.report();
    }
    const atLast = await until('all to be as at first', async () => {
      const report = await loaded.report();
      return report.gaps >= 2 && report.sockets === 2 && report;
    });
    expect(atLast.changes).toEqual([false, true, false, true, false, true, false, true]);
    expect(atLast.answered).toBeGreaterThan(atFirst.answered);
    expect(atLast.timers).toBeLessThan(200);
    expect(atLast.heapBytes).toBeLessThan(atFirst.heapBytes + 4 * 1024 * 1024);
    expect(await loaded.finish()).toEqual({ code: 0, output: '' });
  }, 60_000);
});

function openAdmin(broker: Broker) {
  const redis = new Redis(broker.url);
  return { redis, [Symbol.dispose]: () => redis.disconnect() };
}

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
