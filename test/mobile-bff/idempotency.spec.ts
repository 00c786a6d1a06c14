import type { Answer } from '@bff/testing';
import { until } from '@bff/testing';
import { type Bff, startMobileBff } from '../world/bff.js';

let bff: Bff;
beforeEach(async () => {
  bff = await startMobileBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

const lines = [{ sku: 'BK-1843', quantity: 1 }];
const placed = () => bff.orders.calls.filter(({ what }) => what === 'Place');
const keyed = (key: string, more: Record<string, string> = {}) => ({
  headers: { 'idempotency-key': key, ...more },
});
const place = (key: string, body: unknown = { lines }, more = {}): Promise<Answer> =>
  bff.ada.post('/v1/orders', body, keyed(key, more));

test('an order is placed once: the same key gets the first answer again, and is told so', async () => {
  const first = await place('k-1');
  expect(first).toMatchObject({ status: 201, headers: { location: '/v1/orders/99' } });
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  const again = await place('k-1');
  expect(again).toMatchObject({ status: 201, text: first.text, headers: { 'idempotency-replayed': 'true' } });
  for (const name of ['location', 'etag', 'content-type', 'cache-control', 'vary'])
    expect([name, again.headers[name]]).toEqual([name, first.headers[name]]);
  expect(again.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  expect(placed()).toHaveLength(1);
});

test('another key is another order', async () => {
  await place('k-1');
  expect((await place('k-2')).headers['idempotency-replayed']).toBeUndefined();
  expect(new Set(placed().map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
});

test('a call without a key is refused before anything happens', async () => {
  const answer = await bff.ada.post('/v1/orders', { lines });
  expect(answer).toMatchObject({ status: 400, body: { type: 'urn:bff:idempotency_key_required' } });
  expect(placed()).toEqual([]);
});

test.each([
  ['two keys', 'a, b'],
  ['two quoted keys', '"a", "b"'],
  ['an empty key', ''],
  ['an empty string', '""'],
  ['a string that does not end', '"a'],
  ['a string with parameters', '"a";b=1'],
  ['a key that is too long', 'k'.repeat(256)],
  ['a space', 'a b'],
  ['beyond ASCII', 'caf\u00e9'],
])('%s: no key, and nothing happens', async (_what, key) => {
  expect(await place(key)).toMatchObject({ status: 400, body: { type: 'urn:bff:malformed_request' } });
  expect(placed()).toEqual([]);
});

test('a key is the same with and without its quotes', async () => {
  await place('k-1');
  expect((await place('"k-1"')).headers['idempotency-replayed']).toBe('true');
});

test.each([
  ['another body', { lines: [{ sku: 'BK-1843', quantity: 2 }] }, {}],
  ['another form of the answer', { lines }, { accept: 'application/xml' }],
])('the same key with %s is refused', async (_what, body, headers) => {
  await place('k-1');
  const answer = await place('k-1', body, headers);
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('urn:bff:idempotency_key_reused');
  expect(placed()).toHaveLength(1);
});

test('spaces and the order of names make no other body', async () => {
  await place('k-1', '{"lines":[{"sku":"BK-1843","quantity":1}]}');
  const again = await place('k-1', '{ "lines": [{ "quantity": 1, "sku": "BK-1843" }] }');
  expect(again.headers['idempotency-replayed']).toBe('true');
});

test('while the first call runs the second is told when to come again, and gets its answer then', async () => {
  await bff.orders.fails({ as: 'hanging' });
  const first = place('k-1', { lines }, { 'x-timeout-ms': '800' });
  await until('the order service is called', () => placed().length === 1);
  const second = await place('k-1');
  expect(second).toMatchObject({ status: 409, body: { type: 'urn:bff:idempotency_key_in_use' } });
  expect(Number(second.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(second.headers['idempotency-replayed']).toBeUndefined();
  expect((await first).status).toBe(504);
  await bff.orders.recovers();
  expect(await place('k-1')).toMatchObject({ status: 201 });
});

test('two callers with the same key have nothing to do with each other, here and at the service', async () => {
  const charles = await bff.with({ subject: '8' });
  await place('k-1');
  const his = await charles.post('/v1/orders', { lines }, keyed('k-1'));
  expect(his.status).toBe(201);
  expect(his.headers['idempotency-replayed']).toBeUndefined();
  expect(new Set(placed().map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
});

test('whoever may not place orders any more does not get the answer of before', async () => {
  await place('k-1');
  const without = await bff.with({ scope: 'orders:read' });
  expect(await without.post('/v1/orders', { lines }, keyed('k-1'))).toMatchObject({ status: 403 });
});

test('a body that is wrong does not use the key up', async () => {
  expect((await place('k-1', { lines: [] })).status).toBe(400);
  expect((await place('k-1')).status).toBe(201);
});

test('what the service refuses stays refused', async () => {
  const wrong = { lines: [{ sku: 'UNKNOWN', quantity: 1 }] };
  expect(await place('k-1', wrong)).toMatchObject({ status: 422, body: { type: 'urn:bff:refused' } });
  expect(await place('k-1', wrong)).toMatchObject({
    status: 422,
    body: { type: 'urn:bff:refused' },
    headers: { 'idempotency-replayed': 'true' },
  });
  expect(placed()).toHaveLength(1);
});

test('a failure is not kept: the next attempt runs, under the same key for the service', async () => {
  await bff.orders.fails({ as: 'status', status: 13 });
  expect((await place('k-1')).status).toBe(502);
  await bff.orders.recovers();
  const again = await place('k-1');
  expect(again.status).toBe(201);
  expect(again.headers['idempotency-replayed']).toBeUndefined();
  expect(new Set(placed().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

test('a caller who hangs up does not stop his order', async () => {
  await bff.orders.fails({ as: 'hanging' });
  const leaving = new AbortController();
  const first = bff.ada.post('/v1/orders', { lines }, { ...keyed('k-1'), signal: leaving.signal });
  await until('the order service is called', () => placed().length === 1);
  leaving.abort();
  await expect(first).rejects.toThrow('aborted');
  expect(placed()[0]?.aborted).toBe(false);
  const second = await until('the first attempt is over', async () => {
    const answer = await place('k-1', { lines }, { 'x-timeout-ms': '100' });
    return answer.status !== 409 && answer;
  });
  expect(second.status).toBe(504);
});

test('an answer that comes in pieces is given again in pieces', async () => {
  const ndjson = { accept: 'application/x-ndjson' };
  const first = await place('k-1', { lines }, ndjson);
  expect(first.text).toContain('"event":"complete"');
  const again = await place('k-1', { lines }, ndjson);
  expect(again).toMatchObject({
    status: 201,
    text: first.text,
    headers: { 'idempotency-replayed': 'true', 'content-type': 'application/x-ndjson' },
  });
});

const batch = async (...keys: string[]) => {
  const calls = keys.map((key) => ({
    method: 'POST',
    path: '/v1/orders',
    headers: { 'Idempotency-Key': key },
    body: { lines },
  }));
  const { body } = await bff.ada.post('/v1/batch', { calls });
  return (body as { results: { status: number; headers: Record<string, string>; body: unknown }[] }).results;
};
const replayed = { status: 201, headers: { 'idempotency-replayed': 'true' } };

test('calls of a batch bring their own keys', async () => {
  expect(await batch('k-1', 'k-2')).toMatchObject([{ status: 201 }, { status: 201 }]);
  expect(await batch('k-1', 'k-2')).toMatchObject([replayed, replayed]);
  expect(placed()).toHaveLength(2);
});

test('a key that comes twice in a batch is one order, and so it is when it comes alone before or after', async () => {
  const together = await batch('k-1', 'k-1', 'k-2');
  expect(together.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409]);
  expect(together.find(({ status }) => status === 409)).toMatchObject({
    headers: { 'retry-after': expect.any(String) },
    body: { type: 'urn:bff:idempotency_key_in_use' },
  });
  expect((await place('k-1')).headers['idempotency-replayed']).toBe('true');
  await place('k-3');
  expect(await batch('k-3', 'k-3')).toMatchObject([replayed, replayed]);
  expect(placed()).toHaveLength(3);
});

test('in a batch a call without a key, and one whose key was for something else, fail alone', async () => {
  await place('k-1', { lines: [{ sku: 'BK-1843', quantity: 5 }] });
  const calls = [{ method: 'POST', path: '/v1/orders', body: { lines } }];
  const { body } = await bff.ada.post('/v1/batch', { calls });
  expect(body).toMatchObject({
    results: [{ status: 400, body: { type: 'urn:bff:idempotency_key_required' } }],
  });
  expect(await batch('k-1', 'k-2')).toMatchObject([
    { status: 422, body: { type: 'urn:bff:idempotency_key_reused' } },
    { status: 201 },
  ]);
});
