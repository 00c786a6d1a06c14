import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@bff/testing';
import { testLockContract } from './lock-contract.fixture.js';
import type { Store } from './store.js';

const longMs = 60_000;

/** What every store promises. `storeOf(name)` gives one of two that share everything, as two replicas do. */
export function testStoreContract(storeOf: (replica: 'ours' | 'theirs') => Store): void {
  let ours: Store;
  let theirs: Store;
  let number = 0;
  /** Fresh names, so that no test meets what another left behind. */
  const fresh = (name: string): string => `${name}-${(number += 1)}`;
  beforeEach(() => {
    ours = storeOf('ours');
    theirs = storeOf('theirs');
  });

  test('what one keeps the other finds, until its time is over', async () => {
    const [short, long] = [fresh('short'), fresh('long')];
    // Connected by then.
    expect(await theirs.get(short)).toBeUndefined();
    await ours.set(short, 'a', 150);
    await ours.set(long, 'b', longMs);
    expect([await theirs.get(short), await theirs.get(long)]).toEqual(['a', 'b']);
    await until('the end of its time', async () => (await theirs.get(short)) === undefined);
    expect([await theirs.get(long), await theirs.get(fresh('other'))]).toEqual(['b', undefined]);
  });

  test('a later value takes the place of an earlier one, and so does its time', async () => {
    const key = fresh('key');
    await ours.set(key, 'first', 20);
    await ours.set(key, 'second', longMs);
    await sleep(40);
    expect(await theirs.get(key)).toBe('second');
  });

  test.each([
    ['empty', ''],
    ['long', 'x'.repeat(100_000)],
    ['in any script, with any control character', 'Ada Æ 愛 😀 \0\r\n"{}'],
  ])('a text that is %s comes back as it was, and so does one of its name', async (_what, text) => {
    const key = fresh(text.slice(0, 50));
    await ours.set(key, text, longMs);
    expect(await theirs.get(key)).toBe(text);
  });

  test('a value without any time left is none', async () => {
    const key = fresh('key');
    await ours.set(key, 'a', longMs);
    await ours.set(key, 'b', 0);
    expect(await ours.get(key)).toBeUndefined();
    expect(await ours.setIfAbsent(key, 'c', -1)).toBe(true);
    expect(await ours.get(key)).toBeUndefined();
    await ours.set(key, 'a', longMs);
    expect(await ours.compareAndSet(key, 'a', 'b', 0)).toBe(true);
    expect(await ours.get(key)).toBeUndefined();
  });

  test('of many who keep a value only where there is none, one does', async () => {
    const key = fresh('key');
    const names = Array.from({ length: 20 }, (_, index) => `value-${index}`);
    const kept = await Promise.all(
      names.map((name, index) => (index % 2 === 0 ? ours : theirs).setIfAbsent(key, name, longMs)),
    );
    expect(kept.filter(Boolean)).toHaveLength(1);
    expect(await theirs.get(key)).toBe(names[kept.indexOf(true)]);
  });

  test('a value is put in the place of the expected one only', async () => {
    const key = fresh('key');
    expect(await ours.compareAndSet(key, 'a', 'b', longMs)).toBe(false);
    expect(await ours.get(key)).toBeUndefined();
    await ours.set(key, 'a', longMs);
    expect(await theirs.compareAndSet(key, 'other', 'b', longMs)).toBe(false);
    expect(await theirs.compareAndSet(key, 'a', 'b', longMs)).toBe(true);
    expect(await ours.get(key)).toBe('b');
  });

  test('no update is lost among many who compare and set', async () => {
    const key = fresh('key');
    await ours.set(key, '0', longMs);
    const addOne = async (store: Store): Promise<void> => {
      for (;;) {
        const value = (await store.get(key))!;
        if (await store.compareAndSet(key, value, String(Number(value) + 1), longMs)) return;
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, index) => addOne(index % 2 === 0 ? ours : theirs)));
    expect(await ours.get(key)).toBe('40');
  });

  test('what is deleted is gone, and whoever deletes hears whether there was something', async () => {
    const key = fresh('key');
    await ours.set(key, 'a', longMs);
    const deleted = await Promise.all([ours.delete(key), theirs.delete(key)]);
    expect(deleted.filter(Boolean)).toHaveLength(1);
    expect(await theirs.get(key)).toBeUndefined();
  });

  test('a counter counts all, and lives from its first use', async () => {
    const key = fresh('key');
    const first = await ours.increment(key, 2, 1_000);
    expect(first.value).toBe(2);
    await sleep(20);
    const later = await Promise.all([1, 5, -1].map((by) => theirs.increment(key, by, longMs)));
    expect(Math.max(...later.map(({ value }) => value))).toBe(8);
    const last = await ours.increment(key, 1, longMs);
    expect(last.value).toBe(8);
    expect(last.expiresInMs).toBeGreaterThan(0);
    expect(last.expiresInMs).toBeLessThanOrEqual(990);
    const anew = await until('the end of its time', async () => {
      const counted = await ours.increment(key, 1, longMs);
      return counted.value === 1 && counted;
    });
    expect(anew.expiresInMs).toBeGreaterThan(longMs - 5_000);
  });

  test('one name may be that of a value, a counter, a lock and a channel', async () => {
    const key = fresh('key');
    await ours.set(key, 'a', longMs);
    expect(await ours.increment(key, 1, longMs)).toMatchObject({ value: 1 });
    expect(await ours.lock(key, { ttlMs: longMs, waitMs: 0 })).toBeDefined();
    await ours.publish(key, 'message');
    expect(await ours.get(key)).toBe('a');
  });

  test('a message reaches every subscriber of its channel, in order, and nobody else', async () => {
    const [channel, other] = [fresh('channel'), fresh('other')];
    const heard: string[] = [];
    const subscriptions = [
      await ours.subscribe(channel, (message) => heard.push(`ours ${message}`)),
      await ours.subscribe(channel, (message) => heard.push(`also ours ${message}`)),
      await theirs.subscribe(channel, (message) => heard.push(`theirs ${message}`)),
      await theirs.subscribe(other, (message) => heard.push(`other ${message}`)),
    ];
    const messages = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    await Promise.all(messages.map((message) => ours.publish(channel, message)));
    await until('all messages', () => heard.length === 3 * messages.length);
    for (const who of ['ours', 'also ours', 'theirs'])
      expect(heard.filter((one) => one.startsWith(`${who} `))).toEqual(
        messages.map((message) => `${who} ${message}`),
      );
    for (const subscription of subscriptions) await subscription.close();
  });

  test('whoever has closed a subscription hears nothing more, and others go on', async () => {
    const channel = fresh('channel');
    const heard: string[] = [];
    const first = await ours.subscribe(channel, (message) => heard.push(`first ${message}`));
    const second = await ours.subscribe(channel, (message) => heard.push(`second ${message}`));
    await first.close();
    await theirs.publish(channel, 'one');
    await until('a message', () => heard.length > 0);
    await second.close();
    await theirs.publish(channel, 'two');
    const third = await ours.subscribe(channel, (message) => heard.push(`third ${message}`));
    await theirs.publish(channel, 'three');
    await until('the last message', () => heard.includes('third three'));
    // What was published right before it subscribed may be on its way in a cluster.
    expect(heard.filter((message) => message !== 'third two')).toEqual(['second one', 'third three']);
    await third.close();
  });

  test('a listener that throws keeps nothing from the others', async () => {
    const channel = fresh('channel');
    const heard: string[] = [];
    const subscriptions = [
      await ours.subscribe(channel, () => {
        throw new Error('meant, by a test');
      }),
      await ours.subscribe(channel, (message) => heard.push(message)),
    ];
    for (const message of ['one', 'two']) await theirs.publish(channel, message);
    await until('both messages', () => heard.length === 2);
    for (const subscription of subscriptions) await subscription.close();
  });

  test('a store that answers says so', async () => {
    await ours.get('any');
    expect(ours.isAvailable).toBe(true);
  });

  testLockContract(storeOf);
}
