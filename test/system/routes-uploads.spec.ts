import { once } from 'node:events';
import { setInterval as every } from 'node:timers/promises';
import { type ProxyWorld, startProxyWorld } from '../world/proxy-world.js';
import { RawConnection, requestText } from '../world/raw-http.js';

const access = { public: true };
const legacy = { upstream: 'legacy', access };
const routes = [
  { name: 'uploads', match: { path: '/uploads/**' }, ...legacy, upload: { timeout: '5m' } },
  { name: 'brief', match: { path: '/brief' }, ...legacy, upload: { timeout: '2s' } },
  { name: 'plain', match: { path: '/plain' }, ...legacy },
];

let world: ProxyWorld;
beforeAll(async () => void (world = await startProxyWorld({ routes })));
beforeEach(() => {
  world.seen.length = 0;
  world.serve = (_request, response) => void response.end('legacy');
});
afterAll(() => world[Symbol.asyncDispose]());

/** Sends `piece` four times a second until all `pieces` are out or it is told to stop. */
async function drip(connection: RawConnection, piece: string, pieces: number): Promise<void> {
  let sent = 0;
  for await (const _ of every(250)) {
    if (connection.closed || sent === pieces) return;
    connection.send(piece);
    sent += 1;
  }
}

async function upload(path: string, piece: string, pieces: number): Promise<RawConnection> {
  const connection = await RawConnection.open(world.bff.gateway.url);
  const length = `Content-Length: ${piece.length * pieces}`;
  connection.send(requestText(`POST ${path} HTTP/1.1`, ['Host: bff.example', length]));
  void drip(connection, piece, pieces);
  return connection;
}

test('a route with upload takes what moves for longer than 15 s; what hardly moves, and other routes, are cut off', async () => {
  // 20 s of 4 KiB a second; the time-out of the service is 2 s, and that of the server 15 s.
  const piece = 'x'.repeat(1_024);
  using moving = await upload('/uploads/a', piece, 80);
  using crawling = await upload('/uploads/b', 'x', 400);
  using elsewhere = await upload('/plain', piece, 80);
  const tooSlow = { status: 408, body: { type: 'urn:bff:request_timeout' } };
  const [passed, crawled, cut] = await Promise.all(
    [moving, crawling, elsewhere].map((connection) => connection.answer(28_000)),
  );
  expect(passed).toMatchObject({ status: 200, text: 'legacy' });
  expect(crawled).toMatchObject(tooSlow);
  // There the time for the answer runs from the beginning.
  expect(cut).toMatchObject({ status: 504, body: { type: 'urn:bff:upstream_timeout' } });
  expect(world.seen.map(({ url, body }) => [url, body.length])).toEqual([['/uploads/a', 80 * 1_024]]);
  for (const { closedAtMs = Infinity, openedAtMs } of [crawling, elsewhere])
    expect(closedAtMs - openedAtMs).toBeLessThan(20_000);
  // The connection is like any other afterwards: what stops in its headers is cut off there.
  moving.send(requestText('GET /plain HTTP/1.1', ['Host: bff.example']));
  expect((await moving.answer())?.status).toBe(200);
}, 40_000);

test('an upload that is not there in time is a 408, and its service is left', async () => {
  using slow = await upload('/brief', 'x'.repeat(2_048), 40);
  expect(await slow.answer()).toMatchObject({ status: 408, body: { type: 'urn:bff:request_timeout' } });
  expect(world.seen).toHaveLength(0);
});

test('the time for the answer begins behind the upload, and is that of the service', async () => {
  world.serve = () => undefined;
  const startedMs = performance.now();
  using asking = await upload('/uploads/d', 'x'.repeat(1_024), 12);
  expect(await asking.answer(8_000)).toMatchObject({
    status: 504,
    body: { type: 'urn:bff:upstream_timeout' },
  });
  expect(performance.now() - startedMs).toBeGreaterThan(4_000);
}, 15_000);

test('who is answered before all was sent does not keep the connection by sending more', async () => {
  const limited = { ...routes[0], maxBody: '4KiB' };
  await using small = await startProxyWorld({ routes: [limited] });
  using sending = await RawConnection.open(small.bff.gateway.url);
  sending.send(requestText('POST /uploads/e HTTP/1.1', ['Host: bff.example', 'Transfer-Encoding: chunked']));
  const closed = once(sending.socket, 'close');
  void drip(sending, `400\r\n${'x'.repeat(1_024)}\r\n`, 400);
  expect(await sending.answer()).toMatchObject({ status: 413 });
  await closed;
}, 15_000);

test('upload is a mistake where no body passes, and needs a time', async () => {
  const upload = { timeout: '1m' };
  const fixed = { name: 'fixed', match: { path: '/fixed' }, static: {}, access, upload };
  await expect(startProxyWorld({ routes: [fixed] })).rejects.toThrow(
    /routes\.0\.upload: needs upstream or split: a static answer reads no body/,
  );
  const endless = { name: 'endless', match: { path: '/endless' }, ...legacy, upload: {} };
  await expect(startProxyWorld({ routes: [endless] })).rejects.toThrow(/routes\.0\.upload\.timeout: /);
});
