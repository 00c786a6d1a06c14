import { describeWithPrograms, until } from '@bff/testing';
import { orderIdOf, startMobileReplicas } from '../world/mobile-replicas.js';

/** Long enough for a caller to go and for SIGTERM to arrive, and within the gateway's deadline. */
const slowMs = 2_500;

describeWithPrograms('on Redis', ['redis-server'], () => {
  test('a keyed action whose caller has gone comes to its end before a gateway that got SIGTERM does, and whoever comes again gets its answer', async () => {
    await using world = await startMobileReplicas({ count: 2, shared: true });
    const [, leaving] = world.processes;
    const before = await world.orderIds();
    await world.backend.faults.set('orders', { delayMs: slowMs });
    const hangUp = new AbortController();
    const call = fetch(`${leaving!.url}/v1/orders`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.accessToken}`,
        'content-type': 'application/json',
        'idempotency-key': 'k-1',
      },
      body: JSON.stringify({ lines: [{ sku: 'BK-1843', quantity: 1 }] }),
      signal: hangUp.signal,
    });
    await until('the order service is called', async () => {
      const metrics = await (await fetch(`${leaving!.managementUrl}/metrics`)).text();
      return metrics.includes('bff_upstream_in_flight{upstream="orders"} 1');
    });
    hangUp.abort();
    await expect(call).rejects.toThrow('aborted');
    const startedMs = performance.now();
    leaving!.child.kill('SIGTERM');
    expect(await leaving!.exit).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(10_000);

    await world.backend.faults.clear();
    const again = await world.place(0, 'k-1');
    expect(again).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
    expect(again.body).not.toHaveProperty('_meta');
    const placed = (await world.orderIds()).filter((id) => !before.includes(id));
    expect(placed).toEqual([orderIdOf(again)]);
  }, 120_000);
});
