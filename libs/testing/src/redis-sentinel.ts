import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker } from './broker.js';
import { BrokerProcess, type BrokerPlace } from './broker-process.js';
import { redisServerPath, startRedisServer, tellRedis } from './redis-server.js';
import { until } from './until.js';

/** A master with one replica, and three sentinels that agree by two. */
export interface RedisSentinels extends AsyncDisposable {
  readonly url: string;
  /** Which was the master at the start. */
  readonly master: Broker;
  readonly replica: Broker;
  readonly sentinels: readonly Broker[];
}

const name = 'main';
/** After so long a silence a sentinel holds the master to be down. */
const downAfterMs = 400;
const readyWithinMs = 60_000;

export async function startRedisSentinels(): Promise<RedisSentinels> {
  await using stack = new AsyncDisposableStack();
  const master = stack.use(await startRedisServer(() => []));
  const replica = stack.use(await startRedisServer(() => ['--replicaof', `127.0.0.1 ${master.place.port}`]));
  const sentinels: BrokerProcess[] = [];
  while (sentinels.length < 3) sentinels.push(stack.use(await startSentinel(master.place.port)));
  for (const { place } of sentinels)
    await until(
      'sentinels that know each other and the replica',
      async () =>
        /num-slaves\r\n\$1\r\n1[^]*num-other-sentinels\r\n\$1\r\n2/.test(
          await tellRedis(place.port, `SENTINEL MASTER ${name}`),
        ),
      readyWithinMs,
    );
  const all = stack.move();
  return {
    url: `redis-sentinel://${sentinels.map(({ place }) => `127.0.0.1:${place.port}`).join(',')}/${name}`,
    master,
    replica,
    sentinels,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function startSentinel(masterPort: number): Promise<BrokerProcess> {
  return BrokerProcess.start({
    scheme: 'redis',
    greeting: { says: 'PING\r\n', answer: Buffer.from('+PONG') },
    command: (place) => [redisServerPath(), settingsOf(place, masterPort), '--sentinel'],
  });
}

/** A sentinel keeps what it knows in the file of its settings. */
function settingsOf({ folder, port }: BrokerPlace, masterPort: number): string {
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} 5000`,
  ];
  if (!existsSync(file)) writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
