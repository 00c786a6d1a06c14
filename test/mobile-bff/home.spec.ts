import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { HttpClient } from '@bff/testing';
import { mobileBff } from 'mobile-bff';
import { type SampleBackend, signIn, startSampleBackend } from 'sample-backend';
import { root } from '../conventions/packages.js';
import { type MobileBff, startMobileBff } from '../world/bff.js';
import { startSampleGateway } from '../world/sample-gateway.js';
import { wireExchange } from '../world/wire-exchange.js';

/** What the README says of Ada's first screen, from its own words. */
function figuresOfReadme(): Record<string, number> {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const rows = readme.matchAll(/^\| (JSON|compressed|again, unchanged) +\| +([\d,]+) +\|/gm);
  return Object.fromEntries(
    [...rows].map(([, what = '', bytes = '']) => [what, Number(bytes.replace(',', ''))]),
  );
}

describe("Ada's home screen on the wire, from the sample services", () => {
  let backend: SampleBackend;
  beforeAll(async () => void (backend = await startSampleBackend({})));
  afterAll(() => backend.close());

  test('is under 2 KB of JSON, under 900 bytes compressed, and under 400 in all where nothing changed', async () => {
    await using gateway = await startSampleGateway(mobileBff, backend);
    const ada = { issuer: backend.urls.identity, login: 'ada', password: 'ada' };
    const scope = 'openid profile:read orders:read catalog:read';
    const authorization = `Authorization: Bearer ${(await signIn({ ...ada, scope })).accessToken}`;
    const get = (...headers: string[]) => wireExchange(gateway.url, '/v1/home', [authorization, ...headers]);

    const plain = await get();
    expect(JSON.parse(plain.body.toString())).toMatchObject({ name: 'Ada Lovelace', orders: { length: 3 } });
    const small = await get('Accept-Encoding: gzip, br');
    expect(small.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(small.body)).toEqual(plain.body);
    const again = await get(`If-None-Match: ${plain.headers['etag']}`, 'Accept-Encoding: gzip, br');
    expect(again.status).toBe(304);

    expect(plain.body.length).toBeLessThan(2_000);
    expect(small.body.length).toBeLessThan(900);
    expect(again.length).toBeLessThan(400);
    const { JSON: json, compressed, 'again, unchanged': unchanged } = figuresOfReadme();
    expect({ json, compressed }).toEqual({ json: plain.body.length, compressed: small.body.length });
    // Its counters have one digit more or less.
    expect(Math.abs(again.length - Number(unchanged))).toBeLessThanOrEqual(8);
  });
});

describe('who has the home screen already', () => {
  let bff: MobileBff;
  beforeEach(async () => void (bff = await startMobileBff()));
  afterEach(() => bff[Symbol.asyncDispose]());

  const calls = () => bff.users.calls.length + bff.orders.calls.length + bff.catalog.calls.length;
  const tagOf = async (client: HttpClient) => String((await client.get('/v1/home')).headers['etag']);
  const ask = (client: HttpClient, tag: string, headers = {}) =>
    client.get('/v1/home', { headers: { 'if-none-match': tag, ...headers } });

  test('is told so while it is fresh, and no service is called', async () => {
    const tag = await tagOf(bff.ada);
    const before = calls();
    const again = await ask(bff.ada, tag);
    expect(again).toMatchObject({ status: 304, text: '', headers: { etag: tag, age: '0' } });
    expect(again.headers['cache-control']).toBe('private, no-cache');
    expect(calls()).toBe(before);
    expect((await bff.management.get('/metrics')).text).toContain('bff_views_unchanged_total{view="Home"} 1');
  });

  test('is told anew without its tag, with another one, and in another form', async () => {
    const tag = await tagOf(bff.ada);
    const before = calls();
    expect((await bff.ada.get('/v1/home')).status).toBe(200);
    expect((await ask(bff.ada, '"other"')).status).toBe(200);
    expect((await ask(bff.ada, tag, { accept: 'application/xml' })).status).toBe(200);
    expect(calls()).toBe(before + 9);
  });

  test('is told anew after a call that may have changed something, in a batch too', async () => {
    const tag = await tagOf(bff.ada);
    const body = { lines: [{ sku: 'BK-1843', quantity: 1 }] };
    const headers = { 'Idempotency-Key': 'k-1' };
    expect((await bff.ada.post('/v1/orders', body, { headers })).status).toBe(201);
    const before = calls();
    await ask(bff.ada, tag);
    expect(calls()).toBe(before + 3);
    await bff.ada.post('/v1/batch', {
      calls: [{ method: 'POST', path: '/v1/orders', headers: { 'Idempotency-Key': 'k-2' }, body }],
    });
    const later = calls();
    await ask(bff.ada, tag);
    expect(calls()).toBe(later + 3);
  });

  test('is somebody: the tag of another caller, or of other scopes, spares nobody a call', async () => {
    const tag = await tagOf(bff.ada);
    const before = calls();
    await ask(await bff.with({ subject: '8' }), tag);
    await ask(await bff.with({ scope: 'profile:read orders:read' }), tag);
    expect(calls()).toBe(before + 6);
  });

  test('loses nothing where an answer was not whole: it has no tag to be fresh', async () => {
    const tag = await tagOf(bff.ada);
    await bff.orders.fails({ as: 'unreachable' });
    expect(await bff.ada.get('/v1/home')).toMatchObject({ headers: { 'x-incomplete': 'orders' } });
    expect((await ask(bff.ada, tag)).status).toBe(304);
    expect((await ask(bff.ada, '"none"')).headers['x-incomplete']).toBe('orders');
  });
});
