import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Broker,
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
      stores = { ours: createStore({ url: servers.url }), theirs: createStore({ url: servers.url }) };
    }, brokerTestTimeoutMs);
    afterAll(async () => {
      await stores?.ours.close();
      await stores?.theirs.close();
      await servers[Symbol.asyncDispose]();
    });

    testStoreContract((replica) => stores[replica]);
  });
});

async function startTrusted(): Promise<Broker> {
  const { ca, server } = await createCertificates();
  const broker = await startSecureRedis(server);
  const file = join(tmpdir(), `bff-ca-${process.pid}.pem`);
  await writeFile(file, ca);
  return { ...broker, url: `${broker.url}?ca=${file}` };
}
