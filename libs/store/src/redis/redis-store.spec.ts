import { brokerTestTimeoutMs, type Broker, describeWithBroker, startRedis } from '@bff/testing';
import { createStore } from '../create-store.js';
import { MemoryStore } from '../memory/memory-store.js';
import { expectSameAnswers } from '../same-answers.fixture.js';
import type { Store } from '../store.js';
import { testStoreContract } from '../store-contract.fixture.js';

describeWithBroker('redis', () => {
  let broker: Broker;
  let stores: Record<'ours' | 'theirs', Store>;
  beforeAll(async () => {
    broker = await startRedis();
    const open = () => createStore({ url: broker.url, timeoutMs: 2_000 });
    stores = { ours: open(), theirs: open() };
  }, brokerTestTimeoutMs);
  afterAll(async () => {
    await stores.ours.close();
    await stores.theirs.close();
    await broker[Symbol.asyncDispose]();
  });

  testStoreContract((replica) => stores[replica]);

  test('it answers as a store in memory does', async () => {
    await expectSameAnswers(stores.ours, new MemoryStore());
  });
});
