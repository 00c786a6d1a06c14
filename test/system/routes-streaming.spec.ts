import { request as httpRequest } from 'node:http';
import { until } from '@bff/testing';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { RawConnection, requestText } from '../world/raw-http.js';

const access = { public: true };
const routes = [
  { name: 'files', match: { path: '/files/**' }, upstream: 'legacy', access },
  { name: 'small', match: { path: '/small' }, upstream: 'legacy', maxBody: '1KiB', access },
];

let world: ProxyWorld;
beforeAll(async () => void (world = await startProxyWorld({ routes })));
beforeEach(() => {
  world.seen.length = 0;
  world.serve = (_request, response) => void response.end('legacy');
});
afterAll(() => world[Symbol.asyncDispose]());

test('a body that is too large is refused: at once where it says so, else when it is', async () => {
  const told = await world.bff.anonymous.call('POST', '/small', { body: 'x'.repeat(2_000) });
  expect(told).toMatchObject({ status: 413, body: { type: 'urn:bff:payload_too_large' } });
  expect(world.seen).toHaveLength(0);
  const chunked = await new Promise<number | undefined>((resolve, reject) => {
    const call = httpRequest(`${world.bff.gateway.url}/small`, { method: 'POST' }, ({ statusCode }) =>
      resolve(statusCode),
    );
    call.on('error', reject);
    call.write('x'.repeat(800));
    call.end('y'.repeat(800));
  });
  expect(chunked).toBe(413);
  expect((await world.bff.anonymous.call('POST', '/small', { body: 'x'.repeat(1_000) })).status).toBe(200);
});

test('an answer that breaks off is no whole answer', async () => {
  world.serve = (_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half');
    setTimeout(() => response.destroy(), 10);
  };
  await expect(world.bff.anonymous.get('/files/x')).rejects.toThrow(
    /other side closed|terminated|aborted|socket/,
  );
});

test('an upstream that is silent is a 504, one that refuses a 502, as problems without its address', async () => {
  await using away = await startProxyWorld({
    routes,
    upstreams: {
      users: { url: '${USERS_URL}' },
      orders: { url: '${ORDERS_URL}' },
      catalog: { url: '${CATALOG_URL}' },
      legacy: { url: 'http://127.0.0.1:1', timeout: '200ms' },
    },
  });
  const refused = await away.bff.anonymous.get('/files/x');
  expect(refused).toMatchObject({ status: 502, body: { type: 'urn:bff:upstream_unreachable' } });
  expect(refused.text).not.toMatch(/127\.0\.0\.1|ECONN/);
  world.serve = () => undefined;
  const silent = await world.bff.anonymous.get('/files/x', { headers: { 'x-timeout-ms': '100' } });
  expect(silent).toMatchObject({ status: 504, body: { type: 'urn:bff:upstream_timeout' } });
});

test('events arrive when they are sent, and a caller who leaves ends it at the upstream', async () => {
  let isGone = false;
  world.serve = (request, response) => {
    request.socket.on('close', () => (isGone = true));
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    response.write('data: 1\n\n');
  };
  const left = new AbortController();
  const answer = await fetch(`${world.bff.gateway.url}/files/events`, { signal: left.signal });
  const reader = answer.body!.getReader();
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('data: 1\n\n');
  left.abort();
  await until('the upstream hears of it', () => isGone);
});

test('an answer of 40 MB passes without being kept', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  world.serve = (_request, response) => {
    let sent = 0;
    const more = (): void => {
      while (sent < 40) {
        sent += 1;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  };
  const before = process.memoryUsage().rss;
  const answer = await fetch(`${world.bff.gateway.url}/files/large`);
  let bytes = 0;
  for await (const part of answer.body ?? []) bytes += part.length;
  expect(bytes).toBe(40 * 1024 * 1024);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

test('a request in two pieces is one request, and two in one piece are two', async () => {
  using connection = await RawConnection.open(world.bff.gateway.url);
  const get = requestText('GET /files/x HTTP/1.1', ['Host: bff.example']);
  connection.send(get.slice(0, 20));
  await new Promise((resolve) => setTimeout(resolve, 20));
  connection.send(get.slice(20));
  expect((await connection.answer())?.status).toBe(200);
});
