import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { describeWithPrograms } from '@bff/testing';
import type { GatewayProcess } from '../world/gateway-process.js';
import { readResidentBytes } from '../world/resident-bytes.js';
import { type OutageKind, watchOutage } from '../world/redis-outage.js';
import { type Replicas, startReplicas } from '../world/replicas.js';

const stormMs = 5 * 60_000;
const userCount = 20;
const startTimeoutMs = 90_000;
/** The process tells its parent what is left on its heap once all garbage is gone, when it is asked by a signal. */
const tellHeap =
  'data:text/javascript,process.on("SIGUSR2", () => { gc(); process.send({ heapBytes: process.memoryUsage().heapUsed }) })';

describeWithPrograms('Redis goes and comes for five minutes', ['redis-server', 'haproxy'], () => {
  let world: Replicas;
  beforeAll(async () => {
    world = await startReplicas({
      count: 1,
      accessTokenSeconds: 4,
      config: { auth: { session: { withoutStore: '1s' } } },
      environment: { LOG_LEVEL: 'error' },
      nodeFlags: ['--expose-gc', '--import', tellHeap],
    });
  }, startTimeoutMs);
  afterAll(() => world?.[Symbol.asyncDispose]());

  test(
    'each time all heals within two seconds, and memory and descriptors stay flat',
    async () => {
      const gateway = world.processes[0]!;
      const held: Held[] = [];
      const endMs = performance.now() + stormMs;
      while (performance.now() < endMs) {
        const [kind, outageMs] = outages(world)[held.length % 3]!;
        const users = await Promise.all(Array.from({ length: userCount }, () => world.signIn()));
        const unseen = await world.signIn('charles');
        const { healedAfterMs } = await watchOutage(world, { users, unseen }, kind, outageMs);
        expect(healedAfterMs).toBeLessThan(2_000);
        // A gateway remembers 10,000 sessions: what is not ended would look like a leak for an hour.
        await Promise.all([...users, unseen].map((user) => user.call('POST', '/bff/logout')));
        held.push(await readHeld(gateway));
      }
      expect(growth(held.map(({ heapBytes }) => heapBytes))).toBeLessThan(1024 * 1024);
      // Pools breathe; one more each time would be dozens.
      expect(growth(held.map(({ descriptors }) => descriptors))).toBeLessThanOrEqual(12);
      expect(Math.max(...held.map(({ residentBytes }) => residentBytes))).toBeLessThan(512 * 1024 * 1024);
      expect(gateway.output).toEqual({ stdout: '', stderr: '' });
      expect(gateway.child.exitCode).toBeNull();
    },
    2 * stormMs,
  );
});

function outages({ redis }: Replicas): readonly (readonly [OutageKind, lastsMs: number])[] {
  const frozen: OutageKind = {
    takeAway: () => redis.freeze(),
    bringBack: () => redis.thaw(),
    afterwards: 200,
  };
  const emptied: OutageKind = {
    takeAway: () => redis.stop(),
    bringBack: () => redis.start(),
    afterwards: 401,
  };
  return [
    [frozen, 2_000],
    [emptied, 2_000],
    [emptied, 200],
  ];
}

interface Held {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly descriptors: number;
}

async function readHeld({ managementUrl, child }: GatewayProcess): Promise<Held> {
  const told = once(child, 'message');
  child.kill('SIGUSR2');
  const [{ heapBytes }] = (await told) as [Pick<Held, 'heapBytes'>];
  return {
    heapBytes,
    residentBytes: await readResidentBytes(managementUrl),
    descriptors: readdirSync(`/proc/${child.pid}/fd`).length,
  };
}

/** From the middle of the time, when a process has grown into what it needs, to its end. */
function growth(values: readonly number[]): number {
  const [from, to] = [Math.floor(values.length * 0.4), Math.floor(values.length * 0.7)];
  return median(values.slice(to)) - median(values.slice(from, to));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
