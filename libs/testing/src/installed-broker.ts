import { spawnSync } from 'node:child_process';

export type BrokerName = 'redis' | 'nats' | 'rabbitmq';

/** Debian's rabbitmq-server on the PATH changes its user and folder; the one of RabbitMQ itself does not. */
const findServer = 'PATH="/usr/lib/rabbitmq/bin:$PATH:/usr/sbin"; command -v "$1-server"';

const found = new Map<BrokerName, string>();

/** The path of its server; undefined where it is not installed. */
export function pathOfBroker(name: BrokerName): string | undefined {
  const known = found.get(name);
  if (known !== undefined) return known;
  const { stdout } = spawnSync('sh', ['-c', findServer, 'sh', name], { encoding: 'utf8' });
  const path = (stdout ?? '').trim();
  if (path === '') return undefined;
  found.set(name, path);
  return path;
}

export function brokerIsInstalled(name: BrokerName): boolean {
  return pathOfBroker(name) !== undefined;
}
