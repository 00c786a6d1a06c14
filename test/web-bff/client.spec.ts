import { ApiProblem, CutOffError, createWebClient, isWhole, statusOf } from '@bff/web-client';
import { until } from '@bff/testing';
import { startWebBff, type WebBff } from '../world/bff.js';

let bff: WebBff;
beforeEach(async () => {
  bff = await startWebBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

test('the dashboard comes with its types', async () => {
  const { status, data } = await bff.client.getDashboard();
  expect(status).toBe(200);
  expect(isWhole(data)).toBe(true);
  expect(data.user.name).toBe('Ada Lovelace');
  expect(data.orders.find(({ number }) => number === '42')?.total.amount).toBe('89.00');
  expect(data._meta.sections.orders.status satisfies string).toBe('ok');
  // @ts-expect-error -- there is no such section
  expect(data.payments).toBeUndefined();
});

test('a partial dashboard says which part is missing, and why', async () => {
  await bff.catalog.fails({ as: 'unreachable' });
  const { data, etag } = await bff.client.getDashboard();
  expect(isWhole(data)).toBe(false);
  expect([statusOf(data, 'orders'), statusOf(data, 'recommendations')]).toEqual(['ok', 'fallback']);
  expect(data._meta.sections.recommendations.reason).toBe('unreachable');
  expect(data.recommendations).toEqual([]);
  expect(etag).toBeUndefined();
});

test('only the fields that were asked for are there, also for the compiler', async () => {
  const { data } = await bff.client.getDashboard({ fields: ['user.name', 'orders.total.amount'] });
  expect(data.user).toEqual({ name: 'Ada Lovelace' });
  expect(data.orders[0]?.total).toEqual({ amount: expect.any(String) });
  // @ts-expect-error -- was not asked for
  expect(data.recommendations).toBeUndefined();
  // @ts-expect-error -- there is no such field
  await expect(bff.client.getDashboard({ fields: ['user.age'] })).rejects.toThrow('The fields of');
});

test('a problem is thrown, with its code and the id of the request', async () => {
  await bff.users.fails({ as: 'unreachable' });
  const thrown: unknown = await bff.client.getDashboard().catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ApiProblem);
  const { code, status, problem } = thrown as ApiProblem;
  expect({ code, status }).toEqual({ code: 'upstream_unreachable', status: 502 });
  expect(problem.requestId).toEqual(expect.any(String));
});

test('what is unchanged is not sent twice', async () => {
  const first = await bff.client.getDashboard();
  const again = await bff.client.getDashboard({ ifNoneMatch: first.etag });
  expect(again).toMatchObject({ notModified: true, status: 304, etag: first.etag });
  if (!again.notModified) expect(again.data.user).toBeUndefined();
  expect(await bff.client.getDashboard({ ifNoneMatch: 'W/"other"' })).toMatchObject({ notModified: false });
});

test('what is asked for is named by its parameters', async () => {
  const { data: orders } = await bff.client.getOrders({ cursor: 'after-first-page' });
  const { data } = await bff.client.getOrdersById({ id: orders.orders[0]?.id ?? '' });
  expect(data.order.id).toBe(orders.orders[0]?.id);
  const { data: page } = await bff.client.getProductsBySku({ sku: 'BK-1843' });
  expect(page.product.title).toBe('Notes on the Engine');
});

test('an order is placed, and a wrong one is told where it is wrong', async () => {
  const { status, data, headers } = await bff.client.postOrders({ lines: [{ sku: 'BK-1843', quantity: 1 }] });
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/api/orders/${data.order.id}`);
  await expect(bff.client.postOrders({ lines: [{ sku: 'BK-1843', quantity: 0 }] })).rejects.toMatchObject({
    code: 'invalid_request',
    problem: { errors: [{ path: 'lines.0.quantity' }] },
  });
});

test('a progressive dashboard comes in the order in which its sections are ready', async () => {
  await bff.users.fails({ as: 'hanging' });
  const events: string[] = [];
  for await (const record of bff.client.streamDashboard()) {
    if (record.event !== 'section') {
      events.push(record.event);
      continue;
    }
    events.push(record.section);
    if (record.section === 'orders') expect(record.data?.[0]?.number).toEqual(expect.any(String));
    // The user is never ready: who leaves ends the call for it.
    if (events.length === 3) break;
  }
  expect(events[0]).toBe('start');
  expect(events.slice(1).toSorted()).toEqual(['orders', 'recommendations']);
  await until('the call of who left is ended', () => bff.users.calls[0]?.aborted === true);
});

test('a progressive dashboard ends with what it was made of', async () => {
  const events: string[] = [];
  for await (const record of bff.client.streamDashboard({ fields: ['user.name'] })) {
    events.push(record.event);
    if (record.event === 'section' && record.status === 'ok') expect(record.data.name).toBe('Ada Lovelace');
    if (record.event === 'complete') expect(record._meta.sections.user).toEqual({ status: 'ok' });
  }
  expect(events).toEqual(['start', 'section', 'complete']);
});

test('the problem of a progressive dashboard is thrown out of the loop, after what came before it', async () => {
  await bff.users.fails({ as: 'status', status: 500 });
  const drain = async (): Promise<void> => {
    for await (const record of bff.client.streamDashboard()) expect(record.event).not.toBe('complete');
  };
  await expect(drain()).rejects.toMatchObject({ name: 'ApiProblem', code: 'upstream_bad_response' });
});

test('a signal ends a call and a progressive answer, with its own reason', async () => {
  await bff.users.fails({ as: 'hanging' });
  const leave = new AbortController();
  const drain = async (): Promise<void> => {
    for await (const record of bff.client.streamDashboard({ signal: leave.signal }))
      if (record.event === 'section') leave.abort();
  };
  await expect(drain()).rejects.not.toBeInstanceOf(CutOffError);
  await expect(bff.client.getDashboard({ signal: leave.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  await until('the call of who left is ended', () => bff.users.calls[0]?.aborted === true);
});

test('without a token the problem says what to do, and a gateway that is not there is an error of the network', async () => {
  const { url } = bff.gateway;
  await expect(createWebClient({ baseUrl: url }).getDashboard()).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  await expect(createWebClient({ baseUrl: 'http://127.0.0.1:9' }).getDashboard()).rejects.toMatchObject({
    name: 'TypeError',
  });
});
