import { gzipSync } from 'node:zlib';
import { until, WireFake, type WireFault } from '@bff/testing';
import type { FailureReason } from '@bff/problem';
import { z } from 'zod';
import { path } from '../path.js';
import { HttpUpstream } from './http-upstream.js';
import { tellNobody } from '../identity/identities.fixture.js';

const Answer = z.object({ name: z.string() });
const timeoutMs = 300;
const good = '{"name":"Ada"}';
const json = 'Content-Type: application/json';

const head = (...lines: string[]): string => `HTTP/1.1 ${lines.join('\r\n')}\r\n\r\n`;
const says =
  (text: string | Buffer): WireFault =>
  (socket) =>
    void socket.end(text);
const saysAndStays =
  (text: string | Buffer): WireFault =>
  (socket) =>
    void socket.write(text);

/** Sends `chunk` for as long as somebody takes it. */
const endless =
  (start: string, chunk: Buffer): WireFault =>
  (socket) => {
    socket.write(start);
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    more();
  };

const trickling: WireFault = (socket) => {
  socket.write(head('200 OK', json, 'Content-Length: 1000'));
  const timer = setInterval(() => socket.write(' '), 20);
  socket.once('close', () => clearInterval(timer));
};

const resetAfter =
  (text: string): WireFault =>
  (socket) =>
    void socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 10));

const megabyte = Buffer.alloc(1024 * 1024, 0x20);

const rows: readonly (readonly [what: string, reason: FailureReason, fault: WireFault])[] = [
  ['a reset before the first byte', 'unreachable', (socket) => void socket.resetAndDestroy()],
  ['a reset after the first byte', 'unreachable', resetAfter('H')],
  ['a reset in the head', 'unreachable', resetAfter('HTTP/1.1 200 OK\r\nContent-')],
  ['a reset in the body', 'unreachable', resetAfter(head('200 OK', json, 'Content-Length: 50') + '{"na')],
  ['an end before the first byte', 'unreachable', (socket) => void socket.end()],
  ['a black hole', 'timeout', () => undefined],
  ['a head without an end', 'timeout', saysAndStays('HTTP/1.1 200 OK\r\nContent-')],
  ['a body that stops', 'timeout', saysAndStays(head('200 OK', json, 'Content-Length: 100') + '{"na')],
  ['a trickling body', 'timeout', trickling],
  ['a truncated body', 'unreachable', says(head('200 OK', json, 'Content-Length: 100') + good)],
  [
    'a truncated chunked body',
    'unreachable',
    says(head('200 OK', json, 'Transfer-Encoding: chunked') + `${good.length.toString(16)}\r\n${good}\r\n`),
  ],
  [
    'a bad chunk size',
    'bad_response',
    says(head('200 OK', json, 'Transfer-Encoding: chunked') + `zz\r\n${good}\r\n0\r\n\r\n`),
  ],
  ['a length too short', 'bad_response', says(head('200 OK', json, 'Content-Length: 5') + good)],
  [
    'two lengths',
    'bad_response',
    says(head('200 OK', json, 'Content-Length: 5', 'Content-Length: 14') + good),
  ],
  [
    'a length beside chunks',
    'bad_response',
    says(head('200 OK', json, 'Content-Length: 5', 'Transfer-Encoding: chunked') + '5\r\n{"a":\r\n0\r\n\r\n'),
  ],
  [
    'good gzip that nobody asked for',
    'bad_response',
    says(Buffer.concat([Buffer.from(head('200 OK', json, 'Content-Encoding: gzip')), gzipSync(good)])),
  ],
  ['bad gzip', 'bad_response', says(head('200 OK', json, 'Content-Encoding: gzip') + 'no gzip at all')],
  ['an endless body', 'bad_response', endless(head('200 OK', json), megabyte)],
  ['an endless head', 'bad_response', endless('HTTP/1.1 200 OK\r\nX: ', Buffer.alloc(65_536, 0x61))],
  ['a body of 200 MB', 'bad_response', endless(head('200 OK', json, 'Content-Length: 200000000'), megabyte)],
  ['headers of 100 kB', 'bad_response', says(head('200 OK', json, `X: ${'x'.repeat(100_000)}`))],
  ['no HTTP', 'bad_response', says('SSH-2.0-OpenSSH_9\r\n')],
  [
    'garbage',
    'bad_response',
    says(Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 7) % 256))),
  ],
  ['another content type', 'bad_response', says(head('200 OK', 'Content-Type: text/html') + '<html>')],
  ['no content type', 'bad_response', says(head('200 OK') + good)],
  ['invalid JSON', 'bad_response', says(head('200 OK', json) + '{"name":')],
  ['another schema', 'bad_response', says(head('200 OK', json) + '{"name":7}')],
  ['an empty body', 'bad_response', says(head('200 OK', json, 'Content-Length: 0'))],
  ['a 101 that nobody asked for', 'bad_response', says(head('101 Switching Protocols', 'Upgrade: h2c'))],
  ['a 500', 'bad_response', says(head('500 Oops', 'Content-Length: 0'))],
];

test.each(rows)('%s becomes %s, in time, and leaves nothing behind', async (_what, reason, fault) => {
  await using fake = await WireFake.start(fault);
  const upstream = new HttpUpstream('users', { url: fake.url, timeoutMs }, tellNobody);
  const startedMs = performance.now();

  const failure: unknown = await upstream.get(path`/users/7`, Answer).catch((error: unknown) => error);

  expect(performance.now() - startedMs).toBeLessThan(timeoutMs + 500);
  expect(failure).toMatchObject({ name: 'UpstreamError', upstream: 'users', reason });
  expect(String(failure)).not.toMatch(/127\.0\.0\.1|Ada|<html/);
  expect(fake.requests).toBeLessThanOrEqual(3);
  const { calls, ...state } = upstream.state();
  expect(state).toMatchObject({ inFlight: 0, queued: 0, targets: [{ inFlight: 0 }] });
  expect(calls).toMatchObject({ all: 1, ok: 0, failed: { [reason]: 1 } });
  await upstream.close();
  await until('all connections are closed', () => fake.open === 0);
});

test('a redirect to another host is not followed', async () => {
  let visitors = 0;
  await using elsewhere = await WireFake.start(() => (visitors += 1));
  await using fake = await WireFake.start(
    says(head('302 Found', `Location: ${elsewhere.url}/`, 'Content-Length: 0')),
  );
  const upstream = new HttpUpstream('users', { url: fake.url, timeoutMs }, tellNobody);
  await expect(upstream.get(path`/`, Answer)).rejects.toMatchObject({ reason: 'bad_response' });
  expect(visitors).toBe(0);
  await upstream.close();
});

test('an address that nothing listens on, and a name that does not exist, are unreachable', async () => {
  for (const url of ['http://127.0.0.1:1', 'http://localhost:1', 'http://no-such-host.invalid']) {
    const upstream = new HttpUpstream('users', { url, timeoutMs: 3_000 }, tellNobody);
    await expect(upstream.get(path`/`, Answer)).rejects.toMatchObject({ reason: 'unreachable' });
    await upstream.close();
  }
});
