import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { Issuer, until } from '@bff/testing';
import { environmentOf } from '../world/bff.js';
import { wideLimits, writeGatewayConfig } from '../world/gateway-config.js';
import { type GatewayProcess, startGatewayProcess } from '../world/gateway-process.js';
import { startServices } from '../world/services.js';

interface Measure {
  readonly heapBytes: number;
  /** Open handles by kind, as Node counts them. */
  readonly handles: Record<string, number>;
}

/** Runs in the gateway's process beside it, and tells over IPC what the process holds after a collection. */
const probe = `data:text/javascript,${encodeURIComponent(`
  process.on('message', () => {
    gc(); gc();
    const handles = {};
    for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
    process.send({ heapBytes: process.memoryUsage().heapUsed, handles });
  });
`)}`;

/** A machine that stands still for a second is nobody's failure here: what is counted is what stays behind. */
const unhurried = {
  deadline: '60s',
  upstreams: {
    users: { url: '${USERS_URL}', timeout: '30s' },
    orders: { url: '${ORDERS_URL}', timeout: '30s' },
    catalog: { url: '${CATALOG_URL}', timeout: '30s' },
  },
};

test('20,000 calls, a third of them hung up half-way, leave heap and open handles flat', async () => {
  const services = await startServices();
  await using ending = new AsyncDisposableStack();
  for (const service of [services.users, services.orders, services.catalog]) ending.use(service);
  await using issuer = await Issuer.start();
  using config = writeGatewayConfig('web-bff', { ...wideLimits, ...unhurried });
  await using gateway = await startGatewayProcess({
    app: 'web-bff',
    environment: { ...environmentOf(services, issuer), GATEWAY_CONFIG: config.path },
    nodeFlags: ['--expose-gc', '--import', probe],
  });
  const authorization = `Bearer ${await issuer.mint()}`;
  await load(gateway.url, authorization, 6_000);
  const before = await measure(gateway);
  const { answered, hungUp, failed } = await load(gateway.url, authorization, 20_000);
  const after = await measure(gateway);

  expect(failed).toEqual([]);
  expect(answered + hungUp).toBe(20_000);
  expect(hungUp).toBeGreaterThan(5_000);
  expect(after.heapBytes - before.heapBytes).toBeLessThan(3 * 1024 * 1024);
  const grown = Object.entries(after.handles).filter(
    ([kind, count]) => count > (before.handles[kind] ?? 0) + 2,
  );
  expect(grown).toEqual([]);
}, 600_000);

interface Load {
  readonly answered: number;
  readonly hungUp: number;
  /** Why each of the others was no 200. */
  readonly failed: readonly string[];
}

/** Dashboards, 40 at a time; every third caller leaves before the answer. */
async function load(url: string, authorization: string, calls: number): Promise<Load> {
  const agent = new Agent();
  const counts = { answered: 0, hungUp: 0, failed: [] as string[] };
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < calls) {
      const leaves = next++ % 3 === 0;
      const signal = leaves ? AbortSignal.timeout(next % 10) : undefined;
      try {
        const answer = await request(`${url}/api/dashboard`, {
          dispatcher: agent,
          headers: { authorization },
          signal: signal ?? null,
        });
        await answer.body.dump();
        if (answer.statusCode === 200) counts.answered += 1;
        else counts.failed.push(`status ${answer.statusCode}`);
      } catch (error) {
        if (signal?.aborted === true) counts.hungUp += 1;
        else counts.failed.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: 40 }, caller));
  await agent.destroy();
  return counts;
}

/** Once the sockets of the load are gone. */
async function measure({ child }: GatewayProcess): Promise<Measure> {
  let last: Measure | undefined;
  const isStill = async (): Promise<boolean> => {
    const answer = once(child, 'message') as Promise<[Measure]>;
    child.send('measure');
    const previous = last;
    [last] = await answer;
    await sleep(200);
    return previous !== undefined && JSON.stringify(previous.handles) === JSON.stringify(last.handles);
  };
  await until('the sockets of the callers are closed', isStill, 30_000);
  if (last === undefined) throw new Error('nothing was measured');
  return last;
}
