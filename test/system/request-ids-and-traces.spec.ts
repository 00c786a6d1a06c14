import type { Answer } from '@bff/testing';
import { type Bff, startWebBff } from '../world/bff.js';
import { exchange, requestText } from '../world/raw-http.js';
import { headersAtServices } from '../world/upstream-headers.js';

let bff: Bff;
beforeAll(async () => {
  bff = await startWebBff();
});
beforeEach(() => {
  for (const { calls } of [bff.users, bff.orders, bff.catalog]) calls.length = 0;
});
afterAll(() => bff[Symbol.asyncDispose]());

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const parent = `00-${traceId}-${parentId}-01`;
const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-0([0-3])$/;

/** The dashboard with these header lines, and what each of the three services was told. */
async function call(...lines: string[]) {
  const token = await bff.issuer.mint();
  const headers = ['Host: bff', `Authorization: Bearer ${token}`, ...lines];
  const answer = await exchange(bff.gateway.url, requestText('GET /api/dashboard HTTP/1.1', headers));
  expect(answer?.status).toBe(200);
  const services = headersAtServices(bff);
  expect(services).toHaveLength(3);
  return { headers: answer?.headers ?? {}, services };
}

const partsOf = (header: string | undefined) => {
  const [, trace = '', span = '', flags = ''] = traceparent.exec(header ?? '') ?? [];
  expect(header).toMatch(traceparent);
  return { trace, span, flags };
};

describe('X-Request-Id', () => {
  test.each(['a', '0', 'A-b_c.9', '...', 'x'.repeat(128)])(
    '%s is kept, in the answer and at each service',
    async (id) => {
      const { headers, services } = await call(`X-Request-Id: ${id}`);
      expect([headers['x-request-id'], ...services.map((at) => at['x-request-id'])]).toEqual([
        id,
        id,
        id,
        id,
      ]);
    },
  );

  test.each<[string, string[]]>([
    ['none', []],
    ['an empty one', ['X-Request-Id: ']],
    ['129 letters', [`X-Request-Id: ${'x'.repeat(129)}`]],
    ['a space', ['X-Request-Id: a b']],
    ['a quote', ['X-Request-Id: a"b']],
    ['a slash', ['X-Request-Id: ../a']],
    ['markup', ['X-Request-Id: <script>']],
    ['letters outside ASCII', ['X-Request-Id: \u00e9']],
    ['two', ['X-Request-Id: a', 'X-Request-Id: b']],
    ['another spelling of the name', ['X_Request_Id: a']],
  ])('%s is replaced by one id for all', async (_what, lines) => {
    const { headers, services } = await call(...lines);
    const id = headers['x-request-id'];
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(services.map((at) => at['x-request-id'])).toEqual([id, id, id]);
  });

  test('each call gets an id of its own', async () => {
    const ids = await Promise.all(
      Array.from({ length: 50 }, async () => (await bff.anonymous.get('/nowhere')).headers['x-request-id']),
    );
    expect(new Set(ids).size).toBe(50);
  });

  const headers = { 'x-request-id': 'known-id' };
  test.each<[number, () => Promise<Answer>]>([
    [200, () => bff.ada.get('/api/dashboard', { headers })],
    [201, () => bff.ada.post('/api/orders', { lines: [{ sku: 'a', quantity: 1 }] }, { headers })],
    [400, () => bff.ada.post('/api/orders', '{', { headers })],
    [400, () => bff.ada.get('/api/orders/%ff', { headers })],
    [401, () => bff.anonymous.get('/api/dashboard', { headers })],
    [404, () => bff.ada.get('/nowhere', { headers })],
    [405, () => bff.ada.call('DELETE', '/api/orders', { headers })],
    [406, () => bff.ada.get('/api/orders', { headers: { ...headers, accept: 'text/csv' } })],
    [413, () => bff.ada.post('/api/orders', ' '.repeat(1_100_000), { headers })],
    [414, () => bff.ada.get(`/${'a'.repeat(9_000)}`, { headers })],
    [415, () => bff.ada.post('/api/orders', 'a', { headers: { ...headers, 'content-type': 'text/plain' } })],
    [422, () => bff.ada.post('/api/orders', { lines: [{ sku: 'UNKNOWN', quantity: 1 }] }, { headers })],
  ])('a %i carries it', async (status, work) => {
    const answer = await work();
    expect(answer.status).toBe(status);
    expect(answer.headers['x-request-id']).toBe('known-id');
    expect(answer.headers['traceresponse']).toMatch(traceparent);
    if (status >= 400) expect(answer.body).toMatchObject({ requestId: 'known-id' });
  });
  test('a 502 and a 304 carry it', async () => {
    const { headers: first } = await bff.ada.get('/api/orders', { headers });
    const again = await bff.ada.get('/api/orders', {
      headers: { ...headers, 'if-none-match': String(first['etag']) },
    });
    expect(again).toMatchObject({ status: 304, headers: { 'x-request-id': 'known-id' } });
    await bff.orders.fails({ as: 'status', status: 13 });
    const failed = await bff.ada.get('/api/orders', { headers });
    await bff.orders.recovers();
    expect(failed).toMatchObject({ status: 502, headers: { 'x-request-id': 'known-id' } });
  });

  test.each([
    ['garbage', 'what is this?\r\n\r\n', 400],
    [
      'too many headers',
      requestText(
        'GET / HTTP/1.1',
        Array.from({ length: 300 }, (_, index) => `X-${index}: a`),
      ),
      431,
    ],
    ['headers that are too large', requestText('GET / HTTP/1.1', [`X-A: ${'a'.repeat(20_000)}`]), 431],
  ])('even %s, which no pipeline sees, gets an id', async (_what, bytes, status) => {
    const answer = await exchange(bff.gateway.url, bytes);
    expect(answer?.status).toBe(status);
    expect(answer?.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(answer?.body).toMatchObject({ requestId: answer?.headers['x-request-id'] });
  });
});

describe('traceparent', () => {
  test.each([
    ['version 00', parent, '1'],
    ['not sampled', `00-${traceId}-${parentId}-00`, '0'],
    ['with a random trace id (level 2)', `00-${traceId}-${parentId}-03`, '3'],
    ['with flags nobody knows', `00-${traceId}-${parentId}-ff`, '3'],
    ['of a later version', `01-${traceId}-${parentId}-01`, '1'],
    ['of a later version with more fields', `cc-${traceId}-${parentId}-01-what-the-future-holds`, '1'],
    ['with spaces around', `  ${parent}\t`, '1'],
  ])('one that is %s is continued, with a span of its own for each call', async (_what, header, flags) => {
    const { headers, services } = await call(`traceparent: ${header}`);
    const own = partsOf(headers['traceresponse']);
    const calls = services.map((at) => partsOf(at['traceparent']));
    for (const part of [own, ...calls]) expect(part).toMatchObject({ trace: traceId, flags });
    expect(new Set([parentId, own.span, ...calls.map(({ span }) => span)]).size).toBe(5);
  });

  test.each<[string, string[]]>([
    ['none', []],
    ['version ff', [`traceparent: ff-${traceId}-${parentId}-01`]],
    ['version 00 with more fields', [`traceparent: ${parent}-more`]],
    ['version 00 with a dash behind', [`traceparent: ${parent}-`]],
    ['a later version with something else behind', [`traceparent: cc-${traceId}-${parentId}-01.more`]],
    ['a zero trace id', [`traceparent: 00-${'0'.repeat(32)}-${parentId}-01`]],
    ['a zero span id', [`traceparent: 00-${traceId}-${'0'.repeat(16)}-01`]],
    ['upper case', [`traceparent: ${parent.toUpperCase()}`]],
    ['letters that are no hex', [`traceparent: 00-${traceId.replace('4', 'g')}-${parentId}-01`]],
    ['a trace id that is too short', [`traceparent: 00-${traceId.slice(1)}-${parentId}-01`]],
    ['a trace id that is too long', [`traceparent: 00-${traceId}0-${parentId}-01`]],
    ['flags of one digit', [`traceparent: ${parent.slice(0, -1)}`]],
    ['one field missing', [`traceparent: 00-${traceId}-01`]],
    ['a version of three digits', [`traceparent: 000-${traceId}-${parentId}-01`]],
    ['two that agree', [`traceparent: ${parent}`, `traceparent: ${parent}`]],
    ['nothing but dashes', ['traceparent: ---']],
    ['an empty one', ['traceparent: ']],
  ])('%s starts a new trace, the same at all services, without the old state', async (_what, lines) => {
    const { headers, services } = await call(...lines, 'tracestate: congo=1');
    const own = partsOf(headers['traceresponse']);
    expect(own.trace).not.toBe(traceId);
    for (const at of services) {
      expect(partsOf(at['traceparent']).trace).toBe(own.trace);
      expect(at['tracestate']).toBeUndefined();
    }
  });
});

describe('tracestate', () => {
  const members = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join(',');
  test.each<[string, string[], string | undefined]>([
    ['one member', ['congo=t61rcWkgMzE'], 'congo=t61rcWkgMzE'],
    ['several in their order', ['b=2,a=1'], 'b=2,a=1'],
    ['several headers in their order', ['c=3', 'b=2,a=1', 'd=4'], 'c=3,b=2,a=1,d=4'],
    ['an empty header among others', ['a=1', '', 'b=2'], 'a=1,b=2'],
    ['white space and empty members', ['a=1 ,\t, b=2 ,'], 'a=1,b=2'],
    ['32 members', [members(32)], members(32)],
    ['33 members', [members(33)], undefined],
    ['33 members in two headers', [members(20), members(33).split(',').slice(20).join(',')], undefined],
    ['a key twice in two headers', ['a=1', 'a=2'], undefined],
    ['a tenant', ['tenant@system=1'], 'tenant@system=1'],
    ['a key in upper case', ['A=1'], undefined],
    ['no value', ['a'], undefined],
    ['an equals sign in the value', ['a=b=c'], undefined],
    ['a key of 256 letters', [`${'k'.repeat(256)}=1`], `${'k'.repeat(256)}=1`],
    ['a key of 257 letters', [`${'k'.repeat(257)}=1`], undefined],
    ['a value of 257 letters', [`a=${'v'.repeat(257)}`], undefined],
    ['letters outside ASCII', ['a=\u00e9'], undefined],
  ])('%s', async (_what, states, expected) => {
    const { headers, services } = await call(
      `traceparent: ${parent}`,
      ...states.map((state) => `tracestate: ${state}`),
    );
    expect(partsOf(headers['traceresponse']).trace).toBe(traceId);
    expect(services.map((at) => at['tracestate'])).toEqual([expected, expected, expected]);
  });
});
