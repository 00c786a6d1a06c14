import { lookup, Resolver } from 'node:dns/promises';
import { isIP, isIPv4 } from 'node:net';

export interface DnsOptions {
  /** How long addresses are used before the name is asked for again. */
  readonly refreshMs: number;
  /** `host` or `host:port` of the servers to ask; the system's way of resolving where there is none. */
  readonly servers: readonly string[];
}

/**
 * The replicas that a name stands for, each with the addresses it can be reached at: several addresses of one family
 * are several replicas; one of each family is one replica, to be tried both ways. Rejects when there are none.
 */
export async function resolveName(
  hostname: string,
  servers: readonly string[],
): Promise<(readonly string[])[]> {
  if (isIP(hostname) !== 0) return [[hostname]];
  const addresses = servers.length === 0 ? await askSystem(hostname) : await askServers(hostname, servers);
  const [four, six] = [addresses.filter(isIPv4), addresses.filter((address) => !isIPv4(address))];
  if (addresses.length === 0) throw new Error(`${hostname} has no address`);
  if (four.length <= 1 && six.length <= 1) return [addresses];
  return (four.length === 0 ? six : four).map((address) => [address]);
}

async function askSystem(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return [...new Set(found.map(({ address }) => address))].toSorted();
}

async function askServers(hostname: string, servers: readonly string[]): Promise<string[]> {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers(servers);
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const [refused] = answers.filter((answer) => answer.status === 'rejected');
  if (found.length === 0 && refused !== undefined) throw refused.reason;
  return [...new Set(found)].toSorted();
}
