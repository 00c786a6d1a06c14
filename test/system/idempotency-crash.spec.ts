import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokerIsInstalled, until } from '@bff/testing';
import { type MobileReplicas, orderIdOf, startMobileReplicas } from '../world/mobile-replicas.js';

const keys = Array.from({ length: 50 }, (_, index) => `crash-${index}`);
/** The lease of a key that a killed gateway had: what was left of its deadline, and two seconds. */
const patienceMs = 20_000;

/** Shared: the store outlives the gateway, and so do the leases of those calls. */
const stores = [
  ['in memory', false],
  ['in Redis', true],
] as const;

test.each(stores.filter(([, shared]) => !shared || brokerIsInstalled('redis')))(
  'a gateway killed while fifty keyed calls run, its keys %s: every key ends in one order, and every retry gets its answer',
  async (_where, shared) => {
    await using world = await startMobileReplicas({ count: 1, shared });
    const before = new Set(await world.orderIds());
    // A warm one, of whose fifty calls some are through to the service and others are on their way back.
    await world.backend.faults.set('catalog', { delayMs: 1_000 });
    const first = keys.map((key) => world.place(0, key));
    await until('some orders are placed', async () => (await world.orderIds()).length > before.size + 10);
    const [gateway] = world.processes;
    gateway!.child.kill('SIGKILL');
    const lost = await Promise.all(first);
    expect(lost.filter(({ status }) => status === 0).length).toBeGreaterThan(10);
    if (gateway!.child.signalCode === null) await once(gateway!.child, 'exit');
    await world.backend.faults.clear();
    await world.restart(0);

    const startedMs = performance.now();
    const ids = await Promise.all(keys.map((key) => retry(world, key, startedMs + patienceMs)));
    const placed = (await world.orderIds()).filter((id) => !before.has(id));
    expect(placed.toSorted()).toEqual(ids.toSorted());
    expect(new Set(placed).size).toBe(keys.length);
  },
  120_000,
);

/** As a phone does: until there is an answer. */
async function retry(world: MobileReplicas, key: string, untilMs: number): Promise<string> {
  for (;;) {
    const answer = await world.place(0, key);
    if (answer.status === 201 || performance.now() > untilMs)
      return orderIdOf(answer) ?? String(answer.status);
    await sleep(50);
  }
}
