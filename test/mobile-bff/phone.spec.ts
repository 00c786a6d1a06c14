import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMobileClient, type MobileClient } from '@bff/mobile-client';
import { mobileBff } from 'mobile-bff';
import { signIn, startSampleBackend } from 'sample-backend';
import { Agent, fetch } from 'undici';
import { type NetworkFault, startBadNetwork } from '../world/bad-network.js';
import { wideLimits, writeGatewayConfig } from '../world/gateway-config.js';
import { startSampleGateway } from '../world/sample-gateway.js';

const orders = 500;
const atOnce = 20;
/** Two of three connections come to harm, which is worse than any train. */
const faults: readonly NetworkFault[] = [
  'none',
  'answer-lost',
  'slow',
  'reset-after',
  'reset-before',
  'none',
];

test('a phone on a bad network places 500 orders, again and again until it hears of each: 500 are placed', async () => {
  await using backend = await startSampleBackend();
  using config = writeGatewayConfig('mobile-bff', { deadline: '20s', ...wideLimits });
  await using gateway = await startSampleGateway(mobileBff, backend, { GATEWAY_CONFIG: config.path });
  await using network = await startBadNetwork(
    gateway.url,
    (connection) => faults[connection % faults.length]!,
  );
  const { accessToken } = await signIn({ issuer: backend.urls.identity, login: 'ada', password: 'ada' });
  const headers = { authorization: `Bearer ${accessToken}` };
  const direct = createMobileClient({ baseUrl: gateway.url, headers: () => headers });
  const before = new Set(await orderIds(direct));

  // A connection for each call, so that each meets a fate of its own.
  const agent = new Agent({ pipelining: 0, keepAliveTimeout: 1, connections: null });
  const phone = createMobileClient({
    baseUrl: network.url,
    headers: () => ({ ...headers, connection: 'close' }),
    fetch: (url, init) => fetch(url, { ...(init as object), dispatcher: agent }),
  });
  const heard: string[] = [];
  let attempts = 0;
  const place = async (): Promise<void> => {
    const idempotencyKey = randomUUID();
    for (;;) {
      attempts += 1;
      try {
        const body = { lines: [{ sku: 'BK-1843', quantity: 1 }] };
        const { data } = await phone.postOrders(body, { idempotencyKey });
        return void heard.push(data.order.id);
      } catch {
        await sleep(10);
      }
    }
  };
  let begun = 0;
  const line = async (): Promise<void> => {
    while (begun < orders) {
      begun += 1;
      await place();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  await agent.destroy();

  const placed = (await orderIds(direct)).filter((id) => !before.has(id));
  expect(placed).toHaveLength(orders);
  expect(heard.toSorted()).toEqual(placed.toSorted());
  expect(attempts).toBeGreaterThan(orders * 1.3);
  for (const fault of faults) expect(network.counts[fault]).toBeGreaterThan(50);
}, 60_000);

async function orderIds(client: MobileClient): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null | undefined;
  do {
    const { data } = await client.getOrders({ limit: 50, cursor: cursor ?? undefined });
    ids.push(...data.orders.map(({ id }) => id));
    cursor = data.next;
  } while (cursor !== null);
  return ids;
}
