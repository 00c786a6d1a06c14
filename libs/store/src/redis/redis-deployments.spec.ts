import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  brokerTestTimeoutMs,
  createCertificates,
  describeWithBroker,
  startRedisCluster,
  startRedisSentinels,
  startSecureRedis,
} from '@bff/testing';
import { createStore } from '../create-store.js';
import type { Store } from '../store.js';
import { testStoreContract } from '../store-contract.fixture.js';

describeWithBroker('redis', () => {
  describe.each<[string, () => Promise<AsyncDisposable & { url: string }>]>([
    ['a cluster', () => startRedisCluster()],
    ['a master found by sentinels', () => startRedisSentinels()],
    ['a server that speaks TLS', startTrusted],
  ])('%s', (_what, start) => {
    let servers: AsyncDisposable & { url: string };
    let stores: Record<'ours' | 'theirs', Store>;
    beforeAll(async () => {
      servers = await start();
      const open = () => createStore({ url: servers.url, timeoutMs: 2_000 });
      stores = { ours: open(), theirs: open() };
    }, brokerTestTimeoutMs);
    afterAll(async () => {
      await stores?.ours.close();
      await stores?.theirs.close();
      await servers[Symbol.asyncDispose]();
    });

    testStoreContract((replica) => stores[replica]);
  });
});

async function startTrusted(): Promise<AsyncDisposable & { url: string }> {
  await using stack = new AsyncDisposableStack();
  const { ca, server } = await createCertificates();
  const broker = stack.use(await startSecureRedis(server));
  const folder = await mkdtemp(join(tmpdir(), 'bff-store-'));
  stack.defer(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'ca.pem'), ca);
  const all = stack.move();
  return { url: `${broker.url}?ca=${folder}/ca.pem`, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
