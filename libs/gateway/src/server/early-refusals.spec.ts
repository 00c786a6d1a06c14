import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '@bff/testing';
import { get, openServer, sameEachTime, type Server, soon, Wire } from './early-refusals.fixture.js';

/** A connection that is watched and between two requests, to a server that refuses everything. */
async function openWatched(server: Server): Promise<Wire> {
  const wire = await Wire.open(server);
  server.fill();
  for (const target of ['/first', '/second']) await (await wire.send(get(target))).answers();
  return wire;
}

const ask = async (wire: Wire, text: string): Promise<string> => (await wire.send(text)).answers();
const statusOf = (answer: string): string | undefined => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];

test('from its third request on a connection is refused before Node reads it, and counted', async () => {
  await using server = await openServer();
  using wire = await openWatched(server);
  for (let count = 0; count < 10; count += 1) expect(statusOf(await ask(wire, get('/more')))).toBe('503');
  expect(server.read).toEqual(['GET /first', 'GET /second']);
  expect(server.shedder.refused).toBe(12);
});

test.each([
  ['GET', get('/a')],
  ['HEAD', get('/a').replace('GET', 'HEAD')],
  ['a request id', get('/a', 'X-Request-Id: r-1')],
  ['a request id that is not taken', get('/a', 'X-Request-Id: "r"')],
  ['a connection that is kept', get('/a', 'Connection: keep-alive')],
])('the answer is what it is behind the parser, byte for byte: %s', async (_what, text) => {
  await using server = await openServer();
  server.fill();
  using fresh = await Wire.open(server);
  const behind = await ask(fresh, text);
  using wire = await openWatched(server);
  const readBefore = server.read.length;
  const early = await ask(wire, text);
  expect(server.read.length).toBe(readBefore);
  expect(sameEachTime(early)).toBe(sameEachTime(behind));
  expect(early).toMatch(/Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
  expect(Math.abs(Date.parse(/Date: ([^\r]*)/.exec(early)?.[1] ?? '') - Date.now())).toBeLessThan(5_000);
});

test('each refusal has an id of its own, in its header and in its problem', async () => {
  await using server = await openServer();
  using wire = await openWatched(server);
  const answers = [await ask(wire, get('/a')), await ask(wire, get('/b'))];
  const ids = answers.map((answer) => /X-Request-Id: (\w+)[^]*"requestId":"\1"/.exec(answer)?.[1]);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[1]).not.toBe(ids[0]);
});

test('what comes after a refusal is answered, and refused early again when there is too much again', async () => {
  await using server = await openServer();
  using wire = await openWatched(server);
  expect(statusOf(await ask(wire, get('/refused')))).toBe('503');
  server.free();
  expect(await ask(wire, get('/taken'))).toContain('"url":"/taken"');
  const post = 'POST /post HTTP/1.1\r\nHost: bff\r\nContent-Length: 4\r\n\r\nbody';
  expect(await ask(wire, post)).toContain('"body":"body"');
  server.fill();
  for (let count = 0; count < 3; count += 1) expect(statusOf(await ask(wire, get('/again')))).toBe('503');
  expect(server.read).toEqual(['GET /first', 'GET /second', 'GET /taken', 'POST /post', 'GET /again']);
});

test('what is answered at once does not come before what was refused before it', async () => {
  await using server = await openServer();
  using wire = await openWatched(server);
  wire.arrive(get('/', 'X-Request-Id: refused'));
  server.free();
  wire.arrive(get('/taken'));
  expect(await wire.answers()).toMatch(
    /^HTTP\/1\.1 503 [^]*"requestId":"refused"\}HTTP\/1\.1 200 [^]*"\/taken"/,
  );
});

test('so many that their refusals do not wait for the end of the turn are answered once each, in their order', async () => {
  await using server = await openServer();
  using wire = await openWatched(server);
  const ids = Array.from({ length: 200 }, (_, index) => `r${index}`);
  wire.arrive(...ids.map((id) => get('/', `X-Request-Id: ${id}`)));
  const answers = await wire.answers();
  expect([...answers.matchAll(/X-Request-Id: (r\w+)/g)].map(([, id]) => id)).toEqual(ids);
  expect(server.read.length).toBe(2);
});

test('a connection that ends before its refusal is written is no failure', async () => {
  await using server = await openServer();
  const failures: unknown[] = [];
  server.server.on('clientError', (error, socket) => {
    failures.push(error);
    socket.destroy();
  });
  using wire = await openWatched(server);
  wire.arrive(get('/'));
  wire.atServer.end();
  await soon('it is closed', () => wire.isClosed);
  expect(failures).toEqual([]);
});

test('callers without credentials are refused before Node reads them, those with some are let in', async () => {
  await using server = await openServer({ lagMs: 100 });
  const token = 'Authorization: Bearer x';
  using flood = await Wire.open(server);
  using wire = await Wire.open(server);
  server.cost.readMs = 1;
  await ask(flood, get('/flood', token).repeat(200));
  server.cost.readMs = 0;
  for (const target of ['/first', '/second']) expect(statusOf(await ask(wire, get(target)))).toBe('503');
  const readBefore = server.read.length;
  expect(statusOf(await ask(wire, get('/nobody')))).toBe('503');
  expect(server.read.length).toBe(readBefore);
  expect(statusOf(await ask(wire, get('/somebody', token)))).toBe('200');
  expect(statusOf(await ask(wire, get('/somebody', 'Cookie: a=b')))).toBe('200');
  expect(statusOf(await ask(wire, get('/somebody', 'X-API-Key: k')))).toBe('200');
  expect(statusOf(await ask(wire, get('/nobody')))).toBe('503');
});

test('an upgraded connection is no longer watched', async () => {
  await using server = await openServer();
  server.server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    socket.on('data', (data: Buffer) => socket.write(`echo ${data.length} `));
  });
  using wire = await openWatched(server);
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket'];
  expect(statusOf(await ask(wire, get('/', ...upgrade)))).toBe('101');
  expect(await ask(wire, get('/'))).toBe(`echo ${get('/').length} `);
});

test('a connection that is idle after an early refusal is closed when its time is over', async () => {
  await using server = await openServer();
  server.server.keepAliveTimeout = 50;
  server.server.keepAliveTimeoutBuffer = 0;
  using wire = await openWatched(server);
  expect(statusOf(await ask(wire, get('/')))).toBe('503');
  await until('it is closed', () => wire.isClosed);
});

test('half a request after an early refusal is a 408 when its time is over', async () => {
  await using server = await openServer({ checkedEveryMs: 20 });
  server.server.headersTimeout = 100;
  using wire = await openWatched(server);
  expect(statusOf(await ask(wire, get('/')))).toBe('503');
  await wire.send(get('/').slice(0, -2));
  await until('it is closed', () => wire.isClosed);
  expect(statusOf(await wire.answers())).toBe('408');
});

test('a server that closes closes connections that were refused early at once', async () => {
  await using server = await openServer();
  using wire = await openWatched(server);
  expect(statusOf(await ask(wire, get('/')))).toBe('503');
  server.server.close();
  await soon('it is closed', () => wire.isClosed);
});

test('a server that closes leaves what still comes on its connections to Node', async () => {
  await using server = await openServer();
  using wire = await openWatched(server);
  server.free();
  await wire.send('POST /last HTTP/1.1\r\nHost: bff\r\nContent-Length: 4\r\n\r\n');
  server.server.close();
  expect(statusOf(await ask(wire, 'body'))).toBe('200');
  server.fill();
  for (let count = 0; count < 3; count += 1) expect(statusOf(await ask(wire, get('/late')))).toBe('503');
  expect(server.read.slice(-3)).toEqual(['GET /late', 'GET /late', 'GET /late']);
});

test('who reads no answers is not read for long, and gets all of them in the end', async () => {
  // Of a Unix socket the kernel keeps little; of a TCP connection megabytes.
  await using server = await openServer({ path: join(tmpdir(), `bff-${randomUUID()}`) });
  using wire = await openWatched(server);
  const { atServer } = wire;
  wire.pause();
  let asked = 0;
  for (; atServer.writableLength === 0; asked += 1) await wire.send(get('/', 'X-Request-Id: slow'));
  expect(asked - server.read.length).toBeGreaterThan(20);
  for (; !atServer.isPaused(); asked += 1) await wire.send(get('/', 'X-Request-Id: slow'));
  expect(atServer.writableLength).toBeLessThan(2 * atServer.writableHighWaterMark);
  wire.resume();
  await soon('all were answered', () => wire.received.split('"requestId":"slow"').length > asked);
  for (let count = 0; count < 3; count += 1) expect(statusOf(await ask(wire, get('/')))).toBe('503');
});

test('a connection costs nothing for each of its refusals, and nothing when it is gone', async () => {
  await using server = await openServer();
  const gone = await refuseMany(server);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await until('it is gone', () => {
    collect();
    return gone.deref() === undefined;
  });
});

async function refuseMany(server: Server): Promise<WeakRef<object>> {
  using wire = await openWatched(server);
  const { atServer } = wire;
  const countListeners = () => atServer.eventNames().map((name) => [name, atServer.listenerCount(name)]);
  const before = countListeners();
  for (let count = 0; count < 50; count += 1) await ask(wire, get('/'));
  expect(countListeners()).toEqual(before);
  server.sockets.length = 0;
  return new WeakRef(atServer);
}
