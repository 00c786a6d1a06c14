import { runInContext } from '@bff/context';
import { createStore, type Store } from '@bff/store';
import {
  type Broker,
  brokerTestTimeoutMs,
  createContext,
  describeWithBroker,
  HandlerFake,
  startRedis,
  until,
} from '@bff/testing';
import { z } from 'zod';
import { tellCaller } from '../identity/identities.fixture.js';
import { path } from '../path.js';
import { Upstreams } from '../upstreams.js';
import { HttpUpstream } from './http-upstream.js';

const Answer = z.object({ text: z.string() });

/** A service whose answers hold for a minute and say for whom and as which call they were made, and two replicas. */
async function open(stores: readonly Store[]) {
  const service = await HandlerFake.start((request, response, call) => {
    request.resume();
    const text = `${String(request.headers['x-user-id'])} ${call}`;
    response.setHeader('cache-control', 'max-age=60').setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ text }));
  });
  const config = { url: service.url, timeoutMs: 2_000, cache: { store: true } };
  const replicas = stores.map((store) => {
    const upstreams = new Upstreams({
      upstreams: { users: config },
      identities: tellCaller,
      replicas: { store, gateway: 'web-bff' },
    });
    service.closesWithIt({ close: () => upstreams.onApplicationShutdown() });
    return upstreams.open('users', HttpUpstream);
  });
  const at = (replica: number): HttpUpstream => replicas[replica]!;
  const as = <T>(id: string, work: () => Promise<T>) =>
    runInContext(createContext({ caller: { id, scopes: new Set() } }), work);
  return Object.assign(service, {
    at,
    get: async (replica: number, id = '7', name = 'me') =>
      (await as(id, () => at(replica).get(path`/${name}`, Answer))).text,
    change: (replica: number, name = 'me') => as('7', () => at(replica).post(path`/${name}`, {}, Answer)),
  });
}

test('to share answers in a store that the gateway does not have is a mistake', () => {
  const users = { url: 'http://users.internal', timeoutMs: 1_000, cache: { store: true } };
  const upstreams = new Upstreams({ upstreams: { users }, identities: tellCaller });
  upstreams.openOrNote('users', HttpUpstream);
  expect(upstreams.mistakes).toEqual([expect.stringMatching(/^upstreams\.users\.cache\.store: /)]);
});

describeWithBroker('redis', () => {
  let broker: Broker;
  let stores: Store[];
  beforeAll(async () => {
    broker = await startRedis();
  }, brokerTestTimeoutMs);
  afterAll(() => broker[Symbol.asyncDispose]());
  beforeEach(async () => {
    stores = [createStore({ url: broker.url }), createStore({ url: broker.url })];
    for (const store of stores)
      await until('it is connected', () => store.set('here', '', 1).then(() => true));
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
  });

  /** Until what the first replica has begun to write is written: its connection keeps the order. */
  const written = async (): Promise<void> => {
    for (let step = 0; step < 3; step += 1) await stores[0]?.get('here');
  };

  test('an answer that one replica got serves both, and nobody but its caller', async () => {
    await using service = await open(stores);
    expect(await service.get(0)).toBe('7 1');
    await written();
    expect(await service.get(1)).toBe('7 1');
    expect(await service.get(1, '8')).toMatch(/^8 /);
    expect(await service.get(0, '8')).toMatch(/^8 /);
    expect(await service.get(0)).toBe('7 1');
  });

  test('who changes something at one replica sees it at the other one', async () => {
    await using service = await open(stores);
    for (let round = 0; round < 50; round += 1) {
      const name = `me-${round % 5}`;
      const before = await service.get(1, '7', name);
      await service.change(0, name);
      await until('the other replica has heard of it', async () => {
        const now = await service.get(1, '7', name);
        return now !== before;
      });
      expect(await service.get(0, '7', name)).not.toBe(before);
    }
  });

  test('a store that freezes or is gone fails no call, and is used again when it is back', async () => {
    await using service = await open(stores);
    await service.get(0);
    for (const [leave, come] of [
      [() => broker.freeze(), () => broker.thaw()],
      [() => broker.stop(), () => broker.start()],
    ] as const) {
      await leave();
      const names = Array.from({ length: 20 }, (_, index) => `frozen-${index}`);
      for (const name of names) {
        expect(await service.get(0, '7', name)).toMatch(/^7 /);
        await service.change(0, name);
      }
      await come();
      await until('both replicas share again', async () => {
        const name = `again-${service.seen.length}`;
        const first = await service.get(0, '7', name);
        await written().catch(() => undefined);
        return first === (await service.get(1, '7', name));
      });
    }
  }, 60_000);
});
