import { createServer } from 'node:http';
import { listen, until } from '@bff/testing';
import { LoadShedder, type OverloadOptions } from './load-shedder.js';

const wide: OverloadOptions = { lagMs: 10_000, heapShare: 1, inFlight: 1_000 };

/** A server behind a shedder; its answers wait until `go`. */
async function open(options: Partial<OverloadOptions>, random = () => 0) {
  const shedder = new LoadShedder({ ...wide, ...options }, random);
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const listening = await listen(
    createServer((request, response) => {
      if (shedder.admit(request, response)) void gate.then(() => response.end('ok'));
    }),
  );
  const get = (headers: Record<string, string> = {}) => fetch(listening.url, { headers });
  return {
    shedder,
    go,
    get,
    [Symbol.asyncDispose]: async () => {
      shedder[Symbol.dispose]();
      await listening.close();
    },
  };
}

/** Keeps this process from doing anything else. */
function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

test('more requests than may be in flight are refused with a problem and a time to come back', async () => {
  await using server = await open({ inFlight: 2 });
  const taken = [server.get(), server.get()];
  await until('two are in flight', () => server.shedder.inFlight === 2);
  const refused = await server.get({ 'x-request-id': 'r-1' });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('2');
  expect(await refused.json()).toMatchObject({ type: 'urn:bff:overloaded', status: 503, requestId: 'r-1' });
  server.go();
  expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200]);
  await until('none is in flight', () => server.shedder.inFlight === 0);
  expect((await server.get()).status).toBe(200);
});

test('a process that runs late refuses those without credentials first, and everybody when it is later still', async () => {
  await using server = await open({ lagMs: 100 });
  server.go();
  block(320);
  await until('it is known to be late', () => server.shedder.lateMs > 50);
  expect(server.shedder.lateMs).toBeLessThan(100);
  expect([(await server.get()).status, (await server.get({ authorization: 'Bearer x' })).status]).toEqual([
    503, 200,
  ]);
  block(1_000);
  await until('it is known to be later', () => server.shedder.lateMs > 100);
  expect((await server.get({ authorization: 'Bearer x' })).status).toBe(503);
  await until('it has caught up', () => server.shedder.lateMs < 1);
  expect((await server.get()).status).toBe(200);
});

test('nothing is taken while the heap is above its share', async () => {
  await using server = await open({ heapShare: 0.000_001 });
  server.go();
  await until('it was looked at', async () => (await server.get()).status === 503);
  expect(server.shedder.refused).toBeGreaterThan(0);
});
