import { spawnSync } from 'node:child_process';

/** What tests start that comes with the machine, by the name of its program; scripts/brokers.mjs installs it. */
export type ProgramName = 'redis-server' | 'nats-server' | 'rabbitmq-server' | 'haproxy' | 'chromium';

/** Debian's rabbitmq-server on the PATH changes its user and folder; the one of RabbitMQ itself does not. */
const find = 'PATH="/usr/lib/rabbitmq/bin:$PATH:/usr/sbin"; command -v "$1"';

const found = new Map<ProgramName, string>();

/** Undefined where it is not installed. */
export function pathOfProgram(name: ProgramName): string | undefined {
  const known = found.get(name);
  if (known !== undefined) return known;
  const { stdout } = spawnSync('sh', ['-c', find, 'sh', name], { encoding: 'utf8' });
  const path = (stdout ?? '').trim();
  if (path === '') return undefined;
  found.set(name, path);
  return path;
}
