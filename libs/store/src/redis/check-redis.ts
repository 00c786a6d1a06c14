import { Cluster } from 'ioredis';
import type { StoreUrl } from '../store-url.js';
import type { RedisClient } from './redis-scripts.js';

/** Rejects when it is no use: it does not answer, a master of the cluster does not, or it is a replica. */
export async function checkRedis(client: RedisClient, kind: StoreUrl['kind']): Promise<void> {
  if (client instanceof Cluster) await Promise.all(client.nodes('master').map((node) => node.ping()));
  else if (kind === 'sentinel') await checkRole(client);
  else await client.ping();
}

/** Sentinels name the old master for a while after it has gone. */
async function checkRole(client: Pick<RedisClient, 'role'>): Promise<void> {
  const [role] = await client.role().catch(readRefusal);
  if (role !== 'master') throw new Error('it is not the master');
}

/** Who may not ask for the role is told with the first write. */
function readRefusal(error: Error): unknown[] {
  if (error.message.startsWith('NOPERM')) return ['master'];
  throw error;
}
