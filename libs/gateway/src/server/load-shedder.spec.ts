import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listen, until } from '@bff/testing';
import { type Asking, LoadShedder, type OverloadOptions } from './load-shedder.js';

const wide: OverloadOptions = { lagMs: 10_000, heapShare: 1, inFlight: 1_000 };

interface Cost {
  /** Of the process, for each request that is read. */
  readonly readMs?: number;
}

/** A server behind a shedder. Without `readMs` an answer waits until `go`. A forged token is answered with 401. */
async function open(options: Partial<OverloadOptions>, { readMs = 0 }: Cost = {}) {
  const cost = { readMs };
  const clock = { ms: 0 };
  const shedder = new LoadShedder({ ...wide, ...options }, () => clock.ms);
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  if (readMs > 0) go();
  const http = createServer((request, response) => {
    clock.ms += cost.readMs;
    shedder.admit(request, response, () => {
      if (request.headers.authorization === 'Bearer forged') response.statusCode = 401;
      void gate.then(() => response.end('ok'));
    });
  });
  const sockets: Socket[] = [];
  http.on('connection', (socket) => sockets.push(socket));
  const listening = await listen(http);
  const get = (headers: Record<string, string> = {}) => fetch(listening.url, { headers });
  return {
    shedder,
    clock,
    cost,
    go,
    get,
    http,
    sockets,
    url: listening.url,
    [Symbol.asyncDispose]: async () => {
      shedder[Symbol.dispose]();
      await listening.close();
    },
  };
}

/** Time without requests, by the clock of the shedder, which has noticed it. */
async function rest({ clock, shedder }: Server, ms: number): Promise<void> {
  clock.ms += ms;
  const { lateMs } = shedder;
  await until('it was noticed', () => shedder.lateMs !== lateMs);
}

type Server = Awaited<ReturnType<typeof open>>;

/** The statuses of requests that arrive together: on one connection, in one piece. */
function askTogether(url: string, credentials: readonly string[]): Promise<string[]> {
  const { port, host } = new URL(url);
  const request = (line: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\n${line}\r\n`;
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(credentials.map(request).join(''));
  let text = '';
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (data: Buffer) => {
      text += data.toString();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status);
      if (statuses.length < credentials.length) return;
      socket.destroy();
      resolve(statuses);
    });
  });
}

const token = 'Authorization: Bearer x\r\n';
const cookie = 'Cookie: a=b\r\n';
const nothing = '';

test('those who are refused together are told different times to come back', async () => {
  await using server = await open({ inFlight: 0 });
  const refused = await Promise.all(Array.from({ length: 8 }, () => server.get()));
  const waits = new Set(refused.map(({ headers }) => headers.get('retry-after')));
  expect(waits).toEqual(new Set(['2', '3', '4', '5']));
});

test('more requests than may be in flight are refused with a problem and a time to come back', async () => {
  await using server = await open({ inFlight: 2 });
  const taken = [server.get(), server.get()];
  await until('two are in flight', () => server.shedder.inFlight === 2);
  const refused = await server.get({ 'x-request-id': 'r-1' });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^[2-5]$/);
  expect(await refused.json()).toMatchObject({
    type: 'urn:bff:overloaded',
    status: 503,
    retryable: true,
    requestId: 'r-1',
  });
  server.go();
  expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200]);
  await until('none is in flight', () => server.shedder.inFlight === 0);
  expect((await server.get()).status).toBe(200);
});

const many = Array.from({ length: 100 }, () => token);
/** What is begun in the turn in which it arrives, and what may wait in an overload. */
const [begun, waiting] = [4, 32];
/** So many are taken in one turn, each read in 1 ms: then the first that waits has waited for more than 20 ms. */
const untilLate = Math.max(begun + waiting, begun + 1 + 20);

test('what arrives together is taken, however much it is: it waits for its turn', async () => {
  await using server = await open({ lagMs: 10_000 }, { readMs: 1 });
  expect(await askTogether(server.url, many)).not.toContain('503');
  expect(server.shedder.refused).toBe(0);
  expect(server.shedder.waiting).toBe(0);
});

test('once requests have been waiting for long, as many may wait as the next turns need', async () => {
  await using server = await open({ lagMs: 50 }, { readMs: 1 });
  const statuses = await askTogether(server.url, many);
  expect(statuses.slice(0, untilLate)).toEqual(Array<string>(untilLate).fill('200'));
  expect(statuses.slice(untilLate)).toEqual(Array<string>(100 - untilLate).fill('503'));
});

test('it is over when next to nobody was refused for a while', async () => {
  await using server = await open({ lagMs: 50 }, { readMs: 1 });
  expect(await askTogether(server.url, many)).toContain('503');
  await rest(server, 60);
  await rest(server, 60);
  expect(server.shedder.isRefusing).toBe(false);
  const asMany = Array.from({ length: begun + waiting }, () => token);
  expect(await askTogether(server.url, asMany)).not.toContain('503');
});

test('as long as more than a few are refused it is not over', async () => {
  await using server = await open({ lagMs: 50 }, { readMs: 1 });
  for (let round = 0; round < 5; round += 1) {
    expect(await askTogether(server.url, many)).toContain('503');
    await rest(server, 0);
    expect(server.shedder.isRefusing).toBe(true);
  }
});

test('in an overload as many as can be begun in time are let in now and then: those who ask again at once get out of it', async () => {
  await using server = await open({ lagMs: 50 }, { readMs: 1 });
  expect(await askTogether(server.url, many)).toContain('503');
  expect(await askTogether(server.url, many)).toContain('503');
  server.cost.readMs = 0.02;
  expect(await askTogether(server.url, many)).toContain('503');
  await rest(server, 60);
  expect(await askTogether(server.url, many)).not.toContain('503');
  expect(server.shedder.isRefusing).toBe(true);
  await rest(server, 60);
  expect(server.shedder.isRefusing).toBe(false);
});

test('who waits only a little does so for ever, and nobody is refused', async () => {
  await using server = await open({ lagMs: 100 }, { readMs: 0.02 });
  for (let round = 0; round < 50; round += 1) {
    server.clock.ms += 10;
    expect(await askTogether(server.url, many)).not.toContain('503');
  }
  expect(server.shedder.isRefusing).toBe(false);
});

test('a caller who leaves before his request is begun is told of, and is in flight no more', async () => {
  await using server = await open({});
  let left = 0;
  server.shedder.onLeft = () => (left += 1);
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(Array.from({ length: 10 }, () => 'GET / HTTP/1.1\r\nHost: bff\r\n\r\n').join(''));
  // In the turn in which they arrive, before the next one begins others.
  server.http.once('request', () =>
    queueMicrotask(() => server.sockets.forEach((socket) => socket.destroy())),
  );
  await until('it was told of', () => left > 0);
  await until('none is in flight', () => server.shedder.inFlight === 0);
  expect(left).toBe(10 - begun);
});

test('much that is refused in one turn is answered, each request once', async () => {
  await using server = await open({ inFlight: 1 });
  const first = server.get();
  await until('one is in flight', () => server.shedder.inFlight === 1);
  expect(await askTogether(server.url, Array<string>(200).fill(nothing))).toEqual(
    Array<string>(200).fill('503'),
  );
  expect(server.shedder.refused).toBe(200);
  server.go();
  expect((await first).status).toBe(200);
});

const forged = 'Authorization: Bearer forged\r\n';
const knowsToken = ({ headers }: Asking): boolean => headers.authorization === 'Bearer x';

/** In an overload, with nobody waiting any more. */
async function openOverloaded(): Promise<Server> {
  const server = await open({ lagMs: 50 }, { readMs: 1 });
  server.shedder.isKnown = knowsToken;
  // Nobody known was refused.
  await askTogether(server.url, [...Array<string>(untilLate).fill(token), nothing]);
  await until('nobody waits', () => server.shedder.waiting === 0);
  server.clock.ms += 1_100;
  expect(server.shedder.isRefusing).toBe(true);
  return server;
}

test('an overloaded process that nobody floods refuses none of a few, whoever they are: it may only be cold', async () => {
  await using server = await openOverloaded();
  const few = Array.from({ length: 6 }, () => [token, cookie, nothing]).flat();
  expect(new Set(await askTogether(server.url, few))).toEqual(new Set(['200']));
});

test('after a forged token it takes few that it does not know, and as many of the others as before', async () => {
  await using server = await openOverloaded();
  await askTogether(server.url, [forged]);
  const few = [forged, token, cookie, forged, nothing, token, cookie, forged];
  const more = [cookie, token, forged, token, nothing];
  const statuses = await askTogether(server.url, [...few, ...more]);
  expect(statuses.slice(0, 8)).toEqual(['401', '200', '200', '401', '200', '200', '200', '401']);
  expect(statuses.slice(8)).toEqual(['503', '200', '503', '200', '503']);
});

test('a second after the last forged token it takes everybody again', async () => {
  await using server = await openOverloaded();
  await askTogether(server.url, [forged]);
  server.clock.ms += 1_100;
  const statuses = await askTogether(
    server.url,
    Array.from({ length: 20 }, () => nothing),
  );
  expect(new Set(statuses)).toEqual(new Set(['200']));
});

test('while requests with credentials are refused, others make way: at once, and for a second', async () => {
  await using server = await open({ lagMs: 50 }, { readMs: 1 });
  server.shedder.isKnown = knowsToken;
  expect(await askTogether(server.url, many)).toContain('503');
  expect(await askTogether(server.url, [nothing, token])).toEqual(['503', '200']);
  server.clock.ms += 1_100;
  expect(await askTogether(server.url, [nothing, token])).toEqual(['200', '200']);
});

test('nothing is taken while the heap is above its share', async () => {
  await using server = await open({ heapShare: 0.000_001 });
  server.go();
  await until('it was looked at', async () => (await server.get()).status === 503);
  expect(server.shedder.refused).toBeGreaterThan(0);
});
