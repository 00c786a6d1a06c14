import { gzipSync, zstdCompressSync } from 'node:zlib';
import { until } from '@bff/testing';
import { type ProxyWorld, startProxyWorld, valuesOf } from '../world/proxy-world.js';

const transform = {
  response: { allow: ['order_id', 'lines'], deny: ['lines.cost'], rename: { order_id: 'id' }, wrap: 'data' },
};
const routes = [
  { name: 'orders', match: { path: '/orders/**' }, upstream: 'legacy', access: { public: true }, transform },
  {
    name: 'quick',
    match: { path: '/quick' },
    upstream: 'legacy',
    access: { public: true },
    timeout: '100ms',
    transform,
  },
];

const xml = { lists: ['line'], numbers: ['total', '@qty'], booleans: ['paid'] };
routes.push({
  ...routes[0]!,
  name: 'invoices',
  match: { path: '/invoices' },
  transform: { response: { xml, deny: ['margin'], wrap: 'data' } } as unknown as typeof transform,
});

let world: ProxyWorld;
beforeAll(async () => {
  world = await startProxyWorld({ routes });
});
beforeEach(() => void (world.seen.length = 0));
afterAll(() => world[Symbol.asyncDispose]());

const json = { 'content-type': 'application/json; charset=utf-8' };
const order = '{"order_id": 12345678901234567890, "margin": 0.10, "lines": [{"sku":"a","cost":1}]}';
const transformed = '{"data":{"id":12345678901234567890,"lines":[{"sku":"a"}]}}';
const answers = (status: number, headers: Record<string, string>, body: string | Buffer = order): void => {
  world.serve = (_request, response) => void response.writeHead(status, headers).end(body);
};
const get = (headers: Record<string, string> = {}) => fetch(`${world.bff.gateway.url}/orders/7`, { headers });
const last = () => world.seen.at(-1)!;

test('what a route picks, renames and wraps is all that a caller gets, with every digit and its own length', async () => {
  answers(201, { ...json, 'cache-control': 'max-age=60', 'content-digest': 'sha-256=:x:', digest: 'x' });
  const answer = await get();
  expect([answer.status, await answer.text()]).toEqual([201, transformed]);
  expect(answer.headers.get('content-length')).toBe(String(transformed.length));
  expect(answer.headers.get('cache-control')).toBe('max-age=60');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect([answer.headers.get('content-digest'), answer.headers.get('digest')]).toEqual([null, null]);
});

test('an answer that is no success passes as it is', async () => {
  answers(404, { ...json, etag: '"e"', 'content-length': '12' }, '{"margin":1}');
  const answer = await get();
  expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([
    404,
    '{"margin":1}',
    '"e"',
  ]);
  expect(answer.headers.get('content-length')).toBe('12');
});

test.each<[string, (text: string) => Buffer]>([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
])(
  'a service is asked for plain answers, and one that compresses by %s is read all the same',
  async (coding, compress) => {
    answers(200, { ...json, 'content-encoding': coding }, compress(order));
    const answer = await get({ 'accept-encoding': 'br', range: 'bytes=0-1', 'if-range': '"x"' });
    expect([answer.status, await answer.text(), answer.headers.get('content-encoding')]).toEqual([
      200,
      transformed,
      null,
    ]);
    expect(valuesOf(last(), 'accept-encoding')).toEqual(['identity']);
    expect([...valuesOf(last(), 'range'), ...valuesOf(last(), 'if-range')]).toEqual([]);
  },
);

test.each<[string, number, Record<string, string>, string | Buffer]>([
  ['half an object', 200, json, '{"order_id": 1'],
  ['another media type', 200, { 'content-type': 'text/plain' }, order],
  ['no media type', 200, {}, order],
  ['another charset', 200, { 'content-type': 'application/json; charset=latin1' }, order],
  ['invalid UTF-8', 200, json, Buffer.from([0x22, 0xff, 0x22])],
  ['a part', 206, { ...json, 'content-range': 'bytes 0-1/9' }, '{}'],
  ['too many levels', 200, json, '['.repeat(65) + ']'.repeat(65)],
  ['half a gzip', 200, { ...json, 'content-encoding': 'gzip' }, gzipSync(order).subarray(0, 20)],
  ['an unknown coding', 200, { ...json, 'content-encoding': 'aes' }, order],
  ['two codings', 200, { ...json, 'content-encoding': 'gzip, br' }, gzipSync(order)],
  ['too much of it', 200, json, `"${'x'.repeat(8 * 1_048_576)}"`],
  ['a bomb', 200, { ...json, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(9 * 1_048_576, ' '))],
])('%s is a 502, and none of it passes', async (_what, status, headers, body) => {
  answers(status, headers, body);
  const answer = await get();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'application/problem+json']);
  expect(await answer.json()).toMatchObject({ type: 'urn:bff:upstream_bad_response' });
});

test('one that breaks off is a 502, and one that takes too long a 504, though it had begun', async () => {
  world.serve = (_request, response) => {
    response.writeHead(200, { ...json, 'content-length': '100' }).write('{"order_id":1');
    setImmediate(() => response.destroy());
  };
  expect((await get()).status).toBe(502);
  let isClosed = false;
  world.serve = (request, response) => {
    request.socket.on('close', () => (isClosed = true));
    response.writeHead(200, json).write('{"order_id":1');
  };
  expect((await world.bff.anonymous.get('/quick')).status).toBe(504);
  await until('the service is left alone', () => isClosed);
});

test('a caller who leaves ends the call at the service while its answer is collected', async () => {
  let isClosed = false;
  world.serve = (request, response) => {
    request.socket.on('close', () => (isClosed = true));
    response.writeHead(200, json).write('{"order_id":1');
  };
  const leaving = new AbortController();
  const asked = fetch(`${world.bff.gateway.url}/orders/7`, { signal: leaving.signal });
  await until('the service has it', () => world.seen.length === 1);
  leaving.abort();
  await expect(asked).rejects.toThrow('aborted');
  await until('the service is left alone', () => isClosed);
});

test('an answer without a body has none, and HEAD tells no length of other bytes', async () => {
  answers(204, {}, '');
  expect((await get()).status).toBe(204);
  answers(201, { location: '/orders/8' }, '');
  const created = await get();
  expect([created.status, created.headers.get('location'), await created.text()]).toEqual([
    201,
    '/orders/8',
    '',
  ]);
  answers(200, { ...json, 'content-length': '500', etag: '"v1"' }, '');
  const head = await fetch(`${world.bff.gateway.url}/orders/7`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, null]);
  expect(head.headers.get('etag')).toMatch(/^"v1-[0-9a-f]{8}"$/);
});

test('an entity tag is another one, by which nothing is sent again that has not changed', async () => {
  answers(200, { ...json, etag: 'W/"v1"' });
  const tag = (await get()).headers.get('etag') ?? '';
  expect(tag).toMatch(/^W\/"v1-[0-9a-f]{8}"$/);
  answers(304, { etag: 'W/"v1"' }, '');
  const again = await fetch(`${world.bff.gateway.url}/orders/7`, {
    headers: { 'if-none-match': `"x", ${tag}` },
  });
  expect(valuesOf(last(), 'if-none-match')).toEqual(['W/"v1"']);
  expect([again.status, again.headers.get('etag')]).toEqual([304, tag]);
});

test('what a caller had of the service itself, or of other rules, is never taken for the same', async () => {
  answers(200, json);
  await get({
    'if-none-match': 'W/"v1", "v1-00000000"',
    'if-modified-since': 'Fri, 27 Nov 2026 00:00:00 GMT',
  });
  expect(valuesOf(last(), 'if-none-match')).toEqual([]);
  expect(valuesOf(last(), 'if-modified-since')).toEqual([]);
  await get({ 'if-match': '"v1"' });
  expect(valuesOf(last(), 'if-match')).toEqual(['"v1"']);
});

test('operators see the rules, and a mistake in them is told with its place', async () => {
  const lines = (await world.bff.management.get('/routes')).body as { name?: string }[];
  expect(lines.find(({ name }) => name === 'orders')).toMatchObject({ transform });
  const broken = { ...routes[0], transform: { response: { allow: ['a..b'], rename: { x: 'y' } } } };
  await expect(startProxyWorld({ routes: [broken] })).rejects.toThrow('expected a path such as lines.sku');
});

test('a service that answers with XML is asked for that, and its callers get JSON by the same rules', async () => {
  const type = { 'content-type': 'text/xml; charset=utf-8', etag: '"v1"' };
  const text =
    '<i:invoice xmlns:i="urn:i"><total>12345678901234567890.10</total><paid>true</paid><margin>1</margin>' +
    '<note>007</note><line qty="2"><sku>a &amp; b</sku></line></i:invoice>';
  answers(200, type, text);
  const answer = await fetch(`${world.bff.gateway.url}/invoices`, {
    headers: { accept: 'application/json' },
  });
  expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
    'application/json',
    '{"data":{"total":12345678901234567890.10,"paid":true,"note":"007","line":[{"@qty":2,"sku":"a & b"}]}}',
  ]);
  expect(valuesOf(last(), 'accept')).toEqual(['application/xml, text/xml;q=0.9']);
});

test.each([
  ['an entity', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', 'text/xml'],
  ['an inclusion', '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="x"/></a>', 'text/xml'],
  ['half a document', '<a><b>', 'application/xml'],
  ['too many levels', '<a>'.repeat(65) + '</a>'.repeat(65), 'application/xml'],
  ['JSON', '{}', 'application/json'],
])('%s in place of XML is a 502', async (_what, text, type) => {
  answers(200, { 'content-type': type }, text);
  const answer = await world.bff.anonymous.get('/invoices');
  expect(answer.status).toBe(502);
  expect(answer.text).not.toContain('passwd');
});
