import { exchangeWhole, requestText } from '../world/raw-http.js';
import { type RawRoutes, startRawRoutes } from '../world/raw-routes.js';
import { answerWith } from '../world/raw-upstream.js';

const routes = [{ name: 'raw', match: { path: '/raw' }, upstream: 'raw', access: { public: true } }];

let world: RawRoutes;
beforeAll(async () => void (world = await startRawRoutes({ routes })));
beforeEach(() => world.upstream.clear());
afterAll(() => world?.[Symbol.asyncDispose]());

const ask = () =>
  exchangeWhole(
    world.url,
    requestText('GET /raw HTTP/1.1', ['Host: bff.example', 'TE: trailers', 'Connection: close, TE']),
  );
const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n';
const chunked = (...trailers: string[]): string =>
  [`${head}6\r\nlegacy\r\n0`, ...trailers, '', ''].join('\r\n');

test('trailers of an answer come behind it, as they were', async () => {
  world.upstream.answering = answerWith(chunked('X-Sum: 42', 'X-Also: a', 'X-Also: b'));
  const { first, body, trailers } = await ask();
  expect(first).toBe('HTTP/1.1 200 OK');
  expect(body.toString()).toBe('legacy');
  expect(trailers.map((line) => line.toLowerCase())).toEqual(['x-sum: 42', 'x-also: a', 'x-also: b']);
});

test('but for what never leaves: of the gateway, of a connection, of what runs there', async () => {
  const never = ['Server: old/1.0', 'X-Request-Id: theirs', 'Connection: x-sum', 'X-Powered-By: old'];
  world.upstream.answering = answerWith(chunked('X-Sum: 42', ...never));
  const { body, trailers } = await ask();
  expect(body.toString()).toBe('legacy');
  expect(trailers.join('\n').toLowerCase()).not.toMatch(/server|request-id|powered|connection/);
});

test.each([
  ['a 100 that nobody asked for', 'HTTP/1.1 100 Continue\r\n\r\n'],
  [
    'a 101 to who did not want to go over',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  ],
])('%s is a 502, and the next call is well', async (_what, before) => {
  world.upstream.answering = answerWith(`${before}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`);
  expect((await ask()).first).toMatch(/^HTTP\/1\.1 502 /);
  world.upstream.clear();
  const { first, body } = await ask();
  expect([first, body.toString()]).toEqual(['HTTP/1.1 200 OK', 'ok']);
});

test('trailers that break off are an answer that is not whole', async () => {
  world.upstream.answering = answerWith(`${head}6\r\nlegacy\r\n0\r\nX-Sum: 4`);
  await expect(ask()).rejects.toThrow('break');
});
