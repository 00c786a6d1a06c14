import { status } from '@grpc/grpc-js';

import { readPence } from '../data/money.js';
import { startGatewayFixture } from '../gateway-only/gateway.fixture.js';
import { startSampleBackend } from '../sample-backend.js';
import type { OrderMessage } from './order-message.js';
import { OrdersCaller } from './orders-caller.fixture.js';

/** `callerId`: for whom the gateway calls, the user whose orders are asked for when not given. */
async function startOrders(callerId?: string) {
  const gateway = await startGatewayFixture();
  const backend = await startSampleBackend({ gatewayJwksUrls: [gateway.jwksUrl] });
  const caller = new OrdersCaller(backend.ports.orders, (userId) =>
    gateway.sign({ audience: 'orders', userId: callerId ?? userId }),
  );
  const stranger = new OrdersCaller(backend.ports.orders, async () => undefined);
  return {
    caller,
    stranger,
    async [Symbol.asyncDispose]() {
      caller[Symbol.dispose]();
      stranger[Symbol.dispose]();
      await backend.close();
      await gateway.close();
    },
  };
}

function idsOf(orders: OrderMessage[]): string[] {
  return orders.map(({ id }) => id);
}

test("Ada's order 42 costs 89.00 GBP, is open, recent, and has the Notes in it", async () => {
  await using orders = await startOrders();
  const order = await orders.caller.get('7', '42');
  expect(order).toMatchObject({
    number: '42',
    status: 'packed',
    total: { amount: '89.00', currency: 'GBP' },
  });
  expect(order.lines.map(({ sku }) => sku)).toContain('BK-1843');

  const recent = await orders.caller.list({ userId: '7', limit: 3 });
  expect(idsOf(recent.orders)).toEqual(['45', '42', '39']);
});

test('an order carries internal fields, so that leaving them out is real work', async () => {
  await using orders = await startOrders();
  expect(await orders.caller.get('7', '42')).toMatchObject({
    warehouseCode: 'LON-1',
    fraudScore: 0.01,
    margin: { amount: '52.20', currency: 'GBP' },
  });
});

test('every total is the sum of its lines, to the penny', async () => {
  await using orders = await startOrders();
  const all = [
    ...(await orders.caller.list({ userId: '7', limit: 100 })).orders,
    ...(await orders.caller.list({ userId: '8', limit: 100 })).orders,
  ];
  expect(all).toHaveLength(19);
  for (const { total, lines } of all) {
    const sum = lines.reduce((pence, line) => pence + line.quantity * readPence(line.unitPrice.amount), 0);
    expect(readPence(total.amount)).toBe(sum);
  }
});

test('pages run newest first without gap or repetition', async () => {
  await using orders = await startOrders();
  const ids: string[] = [];
  let cursor = '';
  do {
    const page = await orders.caller.list({ userId: '7', limit: 5, cursor });
    ids.push(...idsOf(page.orders));
    cursor = page.nextCursor;
  } while (cursor !== '');
  expect(ids.map(Number)).toEqual([45, 42, 39, 36, 33, 31, 28, 26, 24, 21, 19, 17, 14, 11]);
});

test('an order placed between two pages moves nothing on the second', async () => {
  await using orders = await startOrders();
  const first = await orders.caller.list({ userId: '7', limit: 3 });
  await orders.caller.place('7', [{ sku: 'BK-2001', quantity: 1 }]);
  const second = await orders.caller.list({ userId: '7', limit: 3, cursor: first.nextCursor });
  expect(idsOf(second.orders)).toEqual(['36', '33', '31']);
});

test('a page that ends exactly at the last order has no next cursor', async () => {
  await using orders = await startOrders();
  expect((await orders.caller.list({ userId: '7', limit: 14 })).nextCursor).toBe('');
  expect((await orders.caller.list({ userId: '7', limit: 13 })).nextCursor).not.toBe('');
});

test('only orders on their way are listed when only those are asked for', async () => {
  await using orders = await startOrders();
  const { orders: open } = await orders.caller.list({ userId: '7', openOnly: true });
  expect(open.map(({ id, status }) => [id, status])).toEqual([
    ['45', 'placed'],
    ['42', 'packed'],
    ['39', 'packed'],
    ['36', 'shipped'],
  ]);
});

test('a placed order is priced from the catalog, gets the next number and is found again', async () => {
  await using orders = await startOrders();
  const placed = await orders.caller.place('7', [
    { sku: 'BK-1843', quantity: 2 },
    { sku: 'IN-1114', quantity: 1 },
  ]);
  expect(placed).toMatchObject({ id: '46', number: '46', status: 'placed', total: { amount: '61.00' } });
  expect(Math.abs(Date.now() - Date.parse(placed.placedAt))).toBeLessThan(60_000);
  expect(await orders.caller.get('7', '46')).toEqual(placed);
  expect((await orders.caller.list({ userId: '7', limit: 1 })).orders).toEqual([placed]);
});

test.each([
  ['no lines', []],
  ['an unknown SKU', [{ sku: 'XX-1', quantity: 1 }]],
  ['a quantity of 0', [{ sku: 'BK-1843', quantity: 0 }]],
  ['a quantity of 100', [{ sku: 'BK-1843', quantity: 100 }]],
])('an order with %s is an invalid argument and adds nothing', async (_, lines) => {
  await using orders = await startOrders();
  await expect(orders.caller.place('7', lines)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  expect((await orders.caller.list({ userId: '7', limit: 1 })).orders[0]?.id).toBe('45');
});

test.each(['nonsense', 'b3JkZXJzOmJlZm9yZTp4', '*'])(
  'the cursor %j is an invalid argument',
  async (cursor) => {
    await using orders = await startOrders();
    await expect(orders.caller.list({ userId: '7', cursor })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  },
);

test.each([-1, 101])('the limit %d is an invalid argument', async (limit) => {
  await using orders = await startOrders();
  await expect(orders.caller.list({ userId: '7', limit })).rejects.toMatchObject({
    code: status.INVALID_ARGUMENT,
  });
});

test('a call that did not come through a gateway is unauthenticated, and told how to mend it', async () => {
  await using orders = await startOrders();
  await expect(orders.stranger.get('7', '42')).rejects.toMatchObject({
    code: status.UNAUTHENTICATED,
    details: expect.stringContaining('Call a gateway instead'),
  });
});

test('orders are shown to their owner only, and taken for their owner only', async () => {
  await using orders = await startOrders('8');
  const asked = [
    orders.caller.get('7', '42'),
    orders.caller.list({ userId: '7' }),
    orders.caller.place('7', [{ sku: 'BK-1843', quantity: 1 }]),
    orders.caller.list({ userId: '' }),
  ];
  for (const call of asked) await expect(call).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
  expect((await orders.caller.list({ userId: '8', limit: 1 })).orders[0]?.id).toBe('44');
});

test('an order of somebody else is not found, like one that does not exist', async () => {
  await using orders = await startOrders();
  await expect(orders.caller.get('8', '42')).rejects.toMatchObject({ code: status.NOT_FOUND });
  await expect(orders.caller.get('7', '4711')).rejects.toMatchObject({ code: status.NOT_FOUND });
});

test('an order with an idempotency key is placed once for its user, and no other order under that key', async () => {
  await using orders = await startOrders();
  const lines = [{ sku: 'BK-1843', quantity: 1 }];
  const first = await orders.caller.place('7', lines, 'k-1');
  expect((await orders.caller.place('7', lines, 'k-1')).id).toBe(first.id);
  expect((await orders.caller.place('8', lines, 'k-1')).id).not.toBe(first.id);
  expect((await orders.caller.place('7', lines)).id).not.toBe(first.id);
  await expect(orders.caller.place('7', [{ sku: 'BK-1843', quantity: 2 }], 'k-1')).rejects.toMatchObject({
    code: status.ALREADY_EXISTS,
  });
});
