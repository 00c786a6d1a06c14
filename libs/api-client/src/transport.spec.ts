import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport, type TransportOptions } from './transport.js';

let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: Pick<IncomingMessage, 'headers' | 'method' | 'url'> & { body: string };
const server = createServer((request, response) => {
  void (async () => {
    const { headers, method, url } = request;
    asked = { headers, method, url, body: Buffer.concat((await request.toArray()) as Buffer[]).toString() };
    answer(request, response);
  })();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
beforeEach(() => {
  answer = (_request, response) => response.end('{"is":"there"}');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const transport = (options: TransportOptions = {}) =>
  createTransport({
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    ...options,
  });

test('parameters go where they belong, escaped', async () => {
  const params = { id: 'a/b?c', page: 2, tag: ['x', 'y'], none: undefined };
  await transport().call({ method: 'GET', path: '/things/{id}', params }, { fields: ['a.b', 'c'] });
  expect(asked.url).toBe('/things/a%2Fb%3Fc?page=2&tag=x&tag=y&fields=a.b%2Cc');
});

test.each(['', '.', '..'])('a parameter %j, which leads to another route, is not sent', async (id) => {
  const call = transport().call({ method: 'GET', path: '/things/{id}', params: { id } });
  await expect(call).rejects.toThrow('cannot be the id of anything');
});

test('what goes along is sent: the token, CSRF, the key, the deadline, the ETag, headers of one’s own', async () => {
  const headers = async () => Promise.resolve({ authorization: 'Bearer abc' });
  await transport({ csrf: true, headers }).call(
    { method: 'POST', path: '/things', body: { a: 1 } },
    { idempotencyKey: 'k-1', timeoutMs: 800, ifNoneMatch: 'W/"e"', headers: { 'x-app-version': '2.0' } },
  );
  expect(asked).toMatchObject({ method: 'POST', body: '{"a":1}' });
  expect(asked.headers).toMatchObject({
    authorization: 'Bearer abc',
    'x-csrf': '1',
    'content-type': 'application/json',
    'idempotency-key': 'k-1',
    'x-timeout-ms': '800',
    'if-none-match': 'W/"e"',
    'cache-control': 'max-age=0',
    'x-app-version': '2.0',
  });
});

test.each([
  ['7', 7],
  [new Date(Date.now() + 60_000).toUTCString(), expect.closeTo(60, -1)],
  ['soon', undefined],
])('a problem says when to try again: Retry-After %s', async (value, retryAfterSeconds) => {
  answer = (_request, response) => {
    response.writeHead(429, { 'retry-after': value, 'content-type': 'application/problem+json' });
    response.end('{"type":"urn:bff:rate_limited","title":"Too many requests","status":429}');
  };
  const call = transport().call({ method: 'GET', path: '/things' });
  await expect(call).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds });
});

test.each([502, 200])('an answer with status %i that is no JSON is not one of a gateway', async (status) => {
  answer = (_request, response) => response.writeHead(status).end('<html>Bad gateway</html>');
  const call = transport().call({ method: 'GET', path: '/things' });
  await expect(call).rejects.toMatchObject({ name: 'UnexpectedAnswerError', status });
});

test('an answer without a body has no data', async () => {
  answer = (_request, response) => response.writeHead(204).end();
  expect(await transport().call({ method: 'DELETE', path: '/things' })).toMatchObject({
    status: 204,
    data: undefined,
  });
});

const large = '{"is":90071992547409931,"ratio":0.1234567890123456,"count":7}';

test('integers beyond 2^53 arrive as bigints where the API has such, and are sent as they are', async () => {
  answer = (_request, response) => response.end(large);
  const call = { method: 'POST', path: '/things', body: { id: 2n ** 60n, count: 7 } };
  expect(await transport({ exactIntegers: true }).call(call)).toMatchObject({
    data: { is: 90_071_992_547_409_931n, ratio: 0.123_456_789_012_345_6, count: 7 },
  });
  expect(asked.body).toBe('{"id":1152921504606846976,"count":7}');
});

test('integers beyond 2^53 are bigints in the records of a progressive answer too', async () => {
  const section = `{"event":"section","section":"thing","status":"ok","data":${large}}`;
  answer = (_request, response) => response.end(`${section}\n{"event":"complete","_meta":{}}\n`);
  const records = transport({ exactIntegers: true }).stream({ method: 'GET', path: '/things' });
  expect((await records.next()).value).toMatchObject({ data: { is: 90_071_992_547_409_931n } });
});
