import { createServer } from 'node:http';
import { connect } from 'node:net';
import { listen, until } from '@bff/testing';
import { LoadShedder, type OverloadOptions } from './load-shedder.js';

const wide: OverloadOptions = { lagMs: 10_000, heapShare: 1, inFlight: 1_000 };

/**
 * A server behind a shedder; an answer takes `workMs` of the process; without work it waits until `go`. A forged token
 * is answered with 401.
 */
async function open(options: Partial<OverloadOptions>, workMs = 0) {
  const clock = { ms: 0 };
  const shedder = new LoadShedder({ ...wide, ...options }, () => clock.ms);
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  if (workMs > 0) go();
  const listening = await listen(
    createServer((request, response) => {
      if (!shedder.admit(request, response)) return;
      clock.ms += workMs;
      if (request.headers.authorization === 'Bearer forged') response.statusCode = 401;
      void gate.then(() => response.end('ok'));
    }),
  );
  const get = (headers: Record<string, string> = {}) => fetch(listening.url, { headers });
  return {
    shedder,
    clock,
    go,
    get,
    url: listening.url,
    [Symbol.asyncDispose]: async () => {
      shedder[Symbol.dispose]();
      await listening.close();
    },
  };
}

/** Long turns, one after the other, as an overload makes them: by the clock of the shedder. */
async function runLate({ clock, shedder }: Server, turnMs: number, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    const { lateMs } = shedder;
    clock.ms += turnMs;
    await until('it was noticed', () => shedder.lateMs > lateMs);
  }
}

/** Turns as on a quiet day, for longer than an overload of this shedder's could last unnoticed. */
async function calmDown({ clock }: Server): Promise<void> {
  const endMs = clock.ms + 400;
  await until('it has caught up', () => {
    clock.ms += 5;
    return clock.ms > endMs;
  });
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

test('a process that has run late for long takes what fits into a turn, and everything when that is over', async () => {
  await using server = await open({ lagMs: 100 }, 0.5);
  await runLate(server, 1_000, 3);
  const statuses = await askTogether(server.url, many);
  expect(statuses).toEqual([...Array<string>(64).fill('200'), ...Array<string>(36).fill('503')]);
  await calmDown(server);
  expect(await askTogether(server.url, many)).not.toContain('503');
});

test('beyond what never is too many, a late process takes sixteen requests in a turn', async () => {
  await using server = await open({ lagMs: 100 });
  const { shedder } = server;
  void askTogether(server.url, many).catch(() => undefined);
  await until('they are in flight', () => shedder.inFlight === many.length);
  await runLate(server, 1_000, 3);
  void askTogether(server.url, many).catch(() => undefined);
  await until('all were judged', () => shedder.inFlight + shedder.refused === 2 * many.length);
  expect(shedder.inFlight - many.length).toBe(16);
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

test('one long turn is not an overload: nothing is refused', async () => {
  await using server = await open({ lagMs: 100 }, 0.5);
  await runLate(server, 300, 1);
  expect(await askTogether(server.url, many)).not.toContain('503');
});

test('so many requests in one turn that no timer comes are noticed all the same', async () => {
  await using server = await open({ lagMs: 100 }, 5);
  const statuses = await askTogether(
    server.url,
    Array.from({ length: 100 }, () => nothing),
  );
  expect(new Set(statuses.slice(0, 64))).toEqual(new Set(['200']));
  expect(new Set(statuses.slice(64))).toEqual(new Set(['503']));
});

test('a late process that nobody floods refuses none of a few, whoever they are: it may only be cold', async () => {
  await using server = await open({ lagMs: 1_000 }, 3);
  server.shedder.isKnown = () => false;
  await runLate(server, 2_000, 3);
  const few = Array.from({ length: 16 }, () => [token, cookie, nothing]).flat();
  expect(new Set(await askTogether(server.url, few))).toEqual(new Set(['200']));
});

const forged = 'Authorization: Bearer forged\r\n';

/** Late, and somebody turned out to be nobody. */
async function openToForgers(): Promise<Server> {
  const server = await open({ lagMs: 1_000 }, 3);
  server.shedder.isKnown = ({ headers }) => headers.authorization === 'Bearer x';
  await runLate(server, 2_000, 3);
  await askTogether(server.url, [forged]);
  return server;
}

test('after a forged token a late process takes few that it does not know, and all of the others', async () => {
  await using server = await openToForgers();
  const few = [forged, token, cookie, forged];
  const statuses = await askTogether(server.url, [...few, nothing, token, cookie, forged, token]);
  expect(statuses).toEqual(['401', '200', '200', '401', '503', '200', '503', '503', '200']);
});

test('a second after the last forged token it takes everybody again', async () => {
  await using server = await openToForgers();
  server.clock.ms += 1_100;
  const statuses = await askTogether(
    server.url,
    Array.from({ length: 10 }, () => nothing),
  );
  expect(new Set(statuses)).toEqual(new Set(['200']));
});

test('while requests with credentials are refused, others make way: at once, and for a second', async () => {
  await using server = await open({ lagMs: 100 }, 0.5);
  await runLate(server, 1_000, 3);
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
