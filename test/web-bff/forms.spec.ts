import { until } from '@bff/testing';
import { readXml } from '@bff/xml';
import { request } from 'undici';
import { type Bff, startWebBff } from '../world/bff.js';

let bff: Bff;
beforeEach(async () => {
  bff = await startWebBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

/** Ada's dashboard as it arrives. */
async function stream(accept: string, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await bff.issuer.mint({})}`;
  return request(`${bff.gateway.url}/api/dashboard`, { headers: { ...headers, authorization, accept } });
}

test.each([
  ['application/x-ndjson', /^\{"event":"start"/],
  ['text/event-stream', /^event: start\n/],
])('%s comes section by section, compressed or gathered by nobody', async (accept, start) => {
  await bff.users.fails({ as: 'hanging' });
  const answer = await stream(accept, { 'accept-encoding': 'gzip, br' });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({ 'content-type': accept, 'x-accel-buffering': 'no' });
  expect(answer.headers['content-encoding']).toBeUndefined();
  let text = '';
  for await (const chunk of answer.body) {
    text += String(chunk);
    // The user section is 500 ms late, and more: what is read by now did not wait for it.
    if (text.includes('"orders","status"') && text.includes('"recommendations","status"')) break;
  }
  expect(text).toMatch(start);
  expect(text).toContain('BK-1843');
  expect(text).not.toContain('Ada Lovelace');
  await until('the call of the caller who left is ended', () => bff.users.calls[0]?.aborted === true);
});

test('a progressive answer without its user ends with the problem of the user service', async () => {
  await bff.users.fails({ as: 'unreachable' });
  const answer = await stream('application/x-ndjson');
  const lines = (await answer.body.text()).trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    event: 'problem',
    problem: { type: 'urn:bff:upstream_unreachable', status: 502, requestId: answer.headers['x-request-id'] },
  });
});

test('the dashboard is XML for who asks for that, and so are its problems', async () => {
  const answer = await bff.ada.get('/api/dashboard', { headers: { accept: 'application/xml' } });
  expect(answer.headers['content-type']).toBe('application/xml');
  const dashboard = readXml(answer.text, { lists: ['order', 'product'] }) as {
    readonly user: unknown;
    readonly orders: { readonly order: readonly unknown[] };
    readonly recommendations: { readonly product: readonly unknown[] };
  };
  expect(dashboard.user).toMatchObject({ name: 'Ada Lovelace' });
  expect(dashboard.orders.order).toHaveLength(10);
  expect(dashboard.recommendations.product[0]).toMatchObject({ sku: 'BK-1843' });
  expect(answer.text).not.toContain('internal');
  await bff.users.fails({ as: 'unreachable' });
  const failed = await bff.ada.get('/api/dashboard', { headers: { accept: 'application/xml' } });
  expect(failed.headers['content-type']).toBe('application/problem+xml');
});

test('an ETag holds for one form, and 304 has no body', async () => {
  const get = (headers: Record<string, string>) => bff.ada.get('/api/dashboard', { headers });
  const [json, xml] = [await get({}), await get({ accept: 'application/xml' })];
  expect(json.headers['etag']).not.toBe(xml.headers['etag']);
  const etag = String(json.headers['etag']);
  const gzip = await get({ 'accept-encoding': 'gzip' });
  expect(gzip.headers['etag']).toBe(etag);
  expect(await get({ 'if-none-match': etag })).toMatchObject({ status: 304, text: '' });
  expect((await get({ 'if-none-match': etag, accept: 'application/xml' })).status).toBe(200);
});

const orderAsXml = (line: string): string => `<order><lines>${line}</lines></order>`;
const sendXml = { 'content-type': 'application/xml' };

test('an order may be placed in XML', async () => {
  const line = '<line><sku>BK-1843</sku><quantity>2</quantity></line>';
  const answer = await bff.ada.post('/api/orders', orderAsXml(line + line), { headers: sendXml });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ order: { lines: [{ quantity: 2 }, { quantity: 2 }] } });
});

test.each([
  ['no quantity', orderAsXml('<line><sku>BK-1843</sku></line>'), 'invalid_request'],
  ['no number', orderAsXml('<line><sku>B</sku><quantity>two</quantity></line>'), 'invalid_request'],
  ['another member', orderAsXml('<line><sku>B</sku><quantity>2</quantity><x/></line>'), 'invalid_request'],
  ['no end', '<order><lines>', 'malformed_request'],
  [
    'a document type',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    'malformed_request',
  ],
  ['no XML at all', '{"lines":[]}', 'malformed_request'],
  ['too many levels', '<a>'.repeat(65) + '</a>'.repeat(65), 'malformed_request'],
  ['too many elements', `<a>${'<b/>'.repeat(10_001)}</a>`, 'malformed_request'],
])('an order in XML with %s is refused, and no service asked', async (_what, text, code) => {
  const answer = await bff.ada.post('/api/orders', text, { headers: sendXml });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ type: `urn:bff:${code}` });
  expect(answer.text).not.toContain('root:');
  expect(bff.orders.calls).toHaveLength(0);
});

test('a section that nobody asked for is not fetched', async () => {
  const answer = await bff.ada.get('/api/dashboard?fields=user.name,orders.id');
  expect(Object.keys(answer.body as object)).toEqual(['user', 'orders', '_meta']);
  expect((answer.body as { user: unknown }).user).toEqual({ name: 'Ada Lovelace' });
  expect(bff.catalog.calls).toHaveLength(0);
});

test('orders that cannot be loaded are the last that this caller saw', async () => {
  await bff.ada.get('/api/dashboard');
  await bff.orders.fails({ as: 'unreachable' });
  const answer = await bff.ada.get('/api/dashboard');
  expect(answer.body).toMatchObject({
    orders: expect.arrayContaining([expect.objectContaining({ number: '42' })]),
    _meta: { sections: { orders: { status: 'stale', reason: 'unreachable', ageMs: expect.any(Number) } } },
  });
  expect(answer.headers).toMatchObject({ 'x-incomplete': 'orders', 'cache-control': 'no-store' });
  const charles = await bff.with({ subject: '8' });
  expect((await charles.get('/api/dashboard')).body).toMatchObject({ orders: [] });
});

test('what the sections took is in Server-Timing and in the metrics', async () => {
  const answer = await bff.ada.get('/api/dashboard');
  expect(String(answer.headers['server-timing']).replaceAll(/dur=[\d.]+/g, 'dur=N')).toBe(
    'user;dur=N;desc="ok: users", orders;dur=N;desc="ok: orders", recommendations;dur=N;desc="ok: catalog"',
  );
  const { text } = await bff.management.get('/metrics');
  expect(text).toContain(
    'bff_sections_total{view="Dashboard",section="orders",status="ok",reason="",upstream="orders"} 1',
  );
  expect(text).toMatch(/bff_section_seconds_total\{view="Dashboard",section="orders",.*\} 0\.\d+/);
});

test('an order’s lines get their titles in one call', async () => {
  const lines = ['BK-1843', 'BK-2', 'BK-3', 'BK-2'].map((sku) => ({ sku, quantity: 1 }));
  const answer = await bff.ada.post('/api/orders', { lines });
  expect(answer.body).toMatchObject({ order: { lines: [{ title: 'Notes on the Engine' }, {}, {}, {}] } });
  expect(bff.catalog.calls).toHaveLength(1);
});
