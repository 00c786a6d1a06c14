import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { GatewayKeys } from './gateway-keys.js';
import { startGatewayFixture } from './gateway.fixture.js';

/** An address that takes connections and never answers, or one where nobody listens. */
async function startNobody({ listens }: { listens: boolean }) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/jwks.json`;
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  if (!listens) await close();
  const dispose = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url, [Symbol.dispose]: dispose };
}

test('nothing is fetched before a key is wanted, and 50 who want one fetch it once', async () => {
  await using gateway = await startGatewayFixture();
  const keys = new GatewayKeys({ jwksUrls: [gateway.jwksUrl], keys: [] });
  expect(gateway.fetches()).toBe(0);
  const found = await Promise.all(Array.from({ length: 50 }, () => keys.find('one')));
  expect(found.filter((key) => key !== undefined)).toHaveLength(50);
  expect(gateway.fetches()).toBe(1);
});

test('50 keys that nobody has are one fetch, and spoil none that is known', async () => {
  await using gateway = await startGatewayFixture();
  const keys = new GatewayKeys({ jwksUrls: [gateway.jwksUrl], keys: [] });
  for (let n = 0; n < 50; n++) expect(await keys.find(`unknown-${n}`)).toBeUndefined();
  expect(gateway.fetches()).toBe(1);
  expect(await keys.find('one')).toBeDefined();
});

test('a known key needs no gateway any more', async () => {
  const gateway = await startGatewayFixture();
  const keys = new GatewayKeys({ jwksUrls: [gateway.jwksUrl], keys: [] });
  await keys.find('one');
  await gateway.close();
  expect(await keys.find('one')).toBeDefined();
});

test('a gateway that is down and one that says nothing keep nobody of the others waiting', async () => {
  await using gateway = await startGatewayFixture();
  using down = await startNobody({ listens: false });
  using silent = await startNobody({ listens: true });
  const keys = new GatewayKeys({ jwksUrls: [down.url, silent.url, gateway.jwksUrl], keys: [] });
  const silence = new Promise((resolve) => setTimeout(resolve, 1_500, 'late').unref());
  expect(await Promise.race([keys.find('one'), silence])).toMatchObject({ type: 'public' });
});

test('keys of other kinds, and one that cannot be read, are left alone', async () => {
  await using gateway = await startGatewayFixture();
  const point = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' };
  gateway.published.unshift(
    { ...point, kid: 'off-the-curve' },
    { ...gateway.published[0], kid: 'for-encryption', use: 'enc' },
    { kty: 'oct', k: 'c2VjcmV0', kid: 'symmetric' },
  );
  const keys = new GatewayKeys({ jwksUrls: [gateway.jwksUrl], keys: [] });
  const found = ['off-the-curve', 'for-encryption', 'symmetric', 'one'].map((kid) => keys.find(kid));
  expect((await Promise.all(found)).map((key) => key !== undefined)).toEqual([false, false, false, true]);
});

test('a key of a rotation is found when the address has not been asked just now', async () => {
  await using gateway = await startGatewayFixture();
  let nowMs = 0;
  const keys = new GatewayKeys({ jwksUrls: [gateway.jwksUrl], keys: [] }, () => nowMs);
  await keys.find('one');
  await gateway.rotate();
  expect(await keys.find('two')).toBeUndefined();
  nowMs += 1_001;
  expect(await keys.find('two')).toBeDefined();
});

test('a key that a gateway has withdrawn ends within minutes, without a call that waits for it', async () => {
  await using gateway = await startGatewayFixture();
  let nowMs = 0;
  const keys = new GatewayKeys({ jwksUrls: [gateway.jwksUrl], keys: [] }, () => nowMs);
  await keys.find('one');
  gateway.published.pop();
  nowMs += 5 * 60_000 + 1;
  expect(await keys.find('one')).toBeDefined();
  const gone = async () => (await keys.find('one')) === undefined;
  for (let tries = 0; tries < 200 && !(await gone()); tries++) await sleep(10);
  expect(await gone()).toBe(true);
});
