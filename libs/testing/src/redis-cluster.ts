import type { Broker } from './broker.js';
import type { BrokerProcess } from './broker-process.js';
import { findFreePort } from './listen.js';
import { startRedisServer, tellRedis } from './redis-server.js';
import { until } from './until.js';

/** Masters that share the slots evenly, each with one replica or none. */
export interface RedisCluster extends AsyncDisposable {
  readonly url: string;
  readonly masters: readonly Broker[];
  readonly replicas: readonly Broker[];
}

const slots = 16_384;
const masterCount = 3;
/** After so long a silence a replica takes the place of its master. */
const nodeTimeoutMs = 500;
const readyWithinMs = 60_000;

export async function startRedisCluster({ withReplicas = false } = {}): Promise<RedisCluster> {
  await using stack = new AsyncDisposableStack();
  const masters = await startNodes(stack, masterCount);
  const replicas = await startNodes(stack, withReplicas ? masterCount : 0);
  const nodes = [...masters, ...replicas];
  for (const [index, { process }] of masters.entries()) await tellRedis(process.place.port, toShare(index));
  for (const { process, busPort } of nodes.slice(1))
    await tellRedis(
      masters[0]!.process.place.port,
      `CLUSTER MEET 127.0.0.1 ${process.place.port} ${busPort}`,
    );
  await untilAll(nodes, 'cluster_state:ok', `cluster_known_nodes:${nodes.length}`);
  for (const [index, { process }] of replicas.entries()) {
    const id = (await tellRedis(masters[index]!.process.place.port, 'CLUSTER MYID')).split('\r\n')[1];
    await until(
      'a replica that knows its master',
      async () => (await tellRedis(process.place.port, `CLUSTER REPLICATE ${id}`)).startsWith('+OK'),
      readyWithinMs,
    );
  }
  await untilSynchronised(replicas);
  const all = stack.move();
  return {
    url: `redis-cluster://${masters.map(({ process }) => `127.0.0.1:${process.place.port}`).join(',')}`,
    masters: masters.map(({ process }) => process),
    replicas: replicas.map(({ process }) => process),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

interface Node {
  readonly process: BrokerProcess;
  readonly busPort: number;
}

async function startNodes(stack: AsyncDisposableStack, count: number): Promise<Node[]> {
  const nodes: Node[] = [];
  while (nodes.length < count) {
    const busPort = await findFreePort();
    const process = await startRedisServer(() => [
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(busPort),
      '--cluster-node-timeout',
      String(nodeTimeoutMs),
    ]);
    nodes.push({ process: stack.use(process), busPort });
  }
  return nodes;
}

function toShare(index: number): string {
  const startOf = (master: number): number => Math.ceil((slots * master) / masterCount);
  return `CLUSTER ADDSLOTSRANGE ${startOf(index)} ${startOf(index + 1) - 1}`;
}

async function untilAll(nodes: readonly Node[], ...facts: string[]): Promise<void> {
  for (const { process } of nodes)
    await until(
      'a cluster that is whole',
      async () => {
        const info = await tellRedis(process.place.port, 'CLUSTER INFO');
        return facts.every((fact) => info.includes(fact));
      },
      readyWithinMs,
    );
}

async function untilSynchronised(replicas: readonly Node[]): Promise<void> {
  for (const { process } of replicas)
    await until(
      'a replica that has all',
      async () => (await tellRedis(process.place.port, 'INFO replication')).includes('master_link_status:up'),
      readyWithinMs,
    );
}
