import { inspect } from 'node:util';
import {
  type Broker,
  createCertificates,
  describeWithBroker,
  startRedis,
  startSecureRedis,
  until,
} from '@bff/testing';
import { Redis } from 'ioredis';
import { createStore, type StoreOptions } from '../create-store.js';

describeWithBroker('redis', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startRedis();
    const admin = new Redis(broker.url);
    await admin.acl(
      'SETUSER',
      'gateway',
      'on',
      '>right',
      '~web:*',
      '&web:*',
      '+@all',
      '-@admin',
      '-@dangerous',
    );
    await admin.acl('SETUSER', 'default', 'off');
    admin.disconnect();
  });
  afterAll(() => broker[Symbol.asyncDispose]());
  let stack: AsyncDisposableStack;
  beforeEach(() => void (stack = new AsyncDisposableStack()));
  afterEach(() => stack.disposeAsync());
  const open = (options: StoreOptions) =>
    stack.adopt(createStore({ ...options, timeoutMs: 2_000 }), (store) => store.close());
  const withLogin = (login: string) => `${broker.url.replace('//', `//${login}@`)}?prefix=web:`;

  test('a user who may do no more than its keys and channels need is enough', async () => {
    const whys: string[] = [];
    const store = open({ url: withLogin('gateway:right'), onChange: (_is, why) => whys.push(why) });
    const heard: string[] = [];
    await store.subscribe('channel', (message) => heard.push(message));
    await store.set('key', 'a', 60_000);
    expect(await store.compareAndSet('key', 'a', 'b', 60_000)).toBe(true);
    const lock = await store.lock('key', { ttlMs: 60_000, waitMs: 0 });
    const next = store.lock('key', { ttlMs: 60_000, waitMs: 5_000 });
    await lock?.release();
    expect(await next).toBeDefined();
    await store.publish('channel', 'message');
    await until('a message', () => heard.length > 0);
    expect(whys).toEqual([]);
  });

  test.each(['gateway:guessed', 'nobody:guessed', ':guessed'])(
    '%s is no login, which is why the store is away, and nothing tells the password',
    async (login) => {
      const told: unknown[] = [];
      const store = open({ url: withLogin(login), onChange: (...change) => told.push(change) });
      const failure: unknown = await store.get('key').catch((error: unknown) => error);
      expect(failure).toMatchObject({ message: expect.stringContaining('WRONGPASS') });
      expect(told).toEqual([[false, expect.stringContaining('WRONGPASS')]]);
      expect(inspect([failure, told], { depth: 10, showHidden: true })).not.toContain('guessed');
    },
  );

  test('what is kept never shows in an error', async () => {
    const store = open({ url: withLogin('gateway:right').replace('web:', 'mobile:') });
    const failure: unknown = await store.set('key', 'secret', 60_000).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining('NOPERM') });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('secret');
    expect(store.isAvailable).toBe(true);
  });

  test('a server whose certificate nobody trusts is not talked to', async () => {
    await using server = await startSecureRedis((await createCertificates()).server);
    const store = open({ url: server.url });
    await expect(store.get('key')).rejects.toThrow(/certificate|no connection/);
    await until('the reason', () =>
      store.get('key').catch((error: Error) => error.message.includes('verify')),
    );
  });

  test('stores with other prefixes or databases have nothing in common but channels of one prefix', async () => {
    await using other = await startRedis();
    const stores = ['/0?prefix=web:', '/0?prefix=mobile:', '/1?prefix=web:'].map((place) =>
      open({ url: `${other.url}${place}` }),
    );
    for (const [index, store] of stores.entries()) await store.set('key', `${index}`, 60_000);
    expect(await Promise.all(stores.map((store) => store.get('key')))).toEqual(['0', '1', '2']);
    const heard: number[] = [];
    for (const [index, store] of stores.entries()) await store.subscribe('channel', () => heard.push(index));
    await stores[0]!.publish('channel', 'message');
    await until('the message', () => heard.length === 2);
    expect(heard.toSorted((one, two) => one - two)).toEqual([0, 2]);
  });
});
