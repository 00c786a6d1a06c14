import { Cluster } from 'ioredis';
import { meansAway } from './redis-failure.js';
import type { RedisClient } from './redis-scripts.js';

/**
 * Rejects when it is no use: it does not answer, some keys of a cluster have no master that does, or it is a replica.
 * That it answers is not enough: a master that was replaced answers too, and refuses writes. `unused` is a key that
 * nobody has, whose deletion is a write that changes nothing; to ask for the role would need a permission that users
 * seldom have.
 */
export async function checkRedis(client: RedisClient, unused: string): Promise<void> {
  try {
    if (client instanceof Cluster) await checkMasters(client);
    else await client.del(unused);
  } catch (error) {
    if (meansAway(error)) throw error;
  }
}

const slotCount = 16_384;

/** Nodes that were lost are no longer among those that the client has, only among the owners of slots. */
async function checkMasters(cluster: Cluster): Promise<void> {
  const nodes = new Map(cluster.nodes().map((node) => [`${node.options.host}:${node.options.port}`, node]));
  const owners = new Set<string | undefined>();
  for (let slot = 0; slot < slotCount; slot += 1) owners.add(cluster.slots[slot]?.[0]);
  await Promise.all(
    [...owners].map((owner) => {
      const node = nodes.get(owner ?? '');
      if (node === undefined) throw new Error(`no master for some keys${owner ? `: ${owner} is away` : ''}`);
      return node.ping();
    }),
  );
}
