import { createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { HttpFake, listen, type Listening } from '@bff/testing';
import { z } from 'zod';
import { HttpUpstream } from './http-upstream.js';
import { path } from './path.js';

const Answer = z.object({ name: z.string() });
const config = { timeoutMs: 300 };
const identify = () => ({});

/** Asks a server that answers every request with these bytes; undefined resets the connection. */
async function ask(bytes: string | Buffer | undefined, end = true): Promise<unknown> {
  const server: Server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (bytes === undefined) return socket.resetAndDestroy();
      socket.write(bytes);
      return end ? socket.end() : undefined;
    });
  });
  const listening: Listening = await listen(server);
  const upstream = new HttpUpstream('users', { url: listening.url, ...config }, identify);
  try {
    return await upstream.get(path`/users/7`, Answer);
  } finally {
    await upstream.close();
    await listening.close();
  }
}

const http = (head: string, body: string | Buffer = ''): Buffer =>
  Buffer.concat([Buffer.from(`HTTP/1.1 ${head}\r\n\r\n`), Buffer.from(body)]);
const json = 'Content-Type: application/json';
const good = '{"name":"Ada","passwordHash":"x"}';

test('an answer is read by its schema, and what that does not name is dropped', async () => {
  expect(await ask(http(`200 OK\r\n${json}\r\nContent-Length: ${good.length}`, good))).toEqual({
    name: 'Ada',
  });
});

test.each([
  ['a reset before the first byte', undefined, true, 'unreachable'],
  ['a black hole', '', false, 'timeout'],
  ['a head without end', 'HTTP/1.1 200 OK\r\nContent-', false, 'timeout'],
  ['a trickling body', http(`200 OK\r\n${json}\r\nContent-Length: 100`, '{"na'), false, 'timeout'],
  ['a truncated body', http(`200 OK\r\n${json}\r\nContent-Length: 100`, '{"na'), true, 'unreachable'],
  ['no HTTP', 'SSH-2.0-OpenSSH\r\n', true, 'bad_response'],
  [
    'another content type',
    http('200 OK\r\nContent-Type: text/html\r\nContent-Length: 2', '{}'),
    true,
    'bad_response',
  ],
  ['invalid JSON', http(`200 OK\r\n${json}\r\nContent-Length: 2`, '{]'), true, 'bad_response'],
  [
    'JSON that is not what was agreed',
    http(`200 OK\r\n${json}\r\nContent-Length: 2`, '{}'),
    true,
    'bad_response',
  ],
  ['no body', http(`200 OK\r\n${json}\r\nContent-Length: 0`), true, 'bad_response'],
  [
    'compressed bytes nobody asked for',
    http(`200 OK\r\n${json}\r\nContent-Encoding: gzip\r\nConnection: close`, gzipSync(good)),
    true,
    'bad_response',
  ],
  [
    '9 MiB',
    http(`200 OK\r\n${json}\r\nConnection: close`, `"${'x'.repeat(9 * 1024 * 1024)}"`),
    true,
    'bad_response',
  ],
  ['20 KB of headers', http(`200 OK\r\nX: ${'x'.repeat(20_000)}`), true, 'bad_response'],
  [
    'a redirect',
    http('302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0'),
    true,
    'bad_response',
  ],
  ['a 500', http('500 Oops\r\nContent-Length: 0'), true, 'bad_response'],
  ['a 502', http('502 Oops\r\nContent-Length: 0'), true, 'unreachable'],
  ['a 503', http('503 Oops\r\nContent-Length: 0'), true, 'overloaded'],
  ['a 504', http('504 Oops\r\nContent-Length: 0'), true, 'timeout'],
  ['a 429', http('429 Oops\r\nContent-Length: 0'), true, 'overloaded'],
  ['a 404', http('404 Oops\r\nContent-Length: 0'), true, 'rejected'],
])('%s becomes a failure with a reason', async (_what, bytes, end, reason) => {
  await expect(ask(bytes, end)).rejects.toMatchObject({ name: 'UpstreamError', upstream: 'users', reason });
});

test('a service that is not there is unreachable, also by a name with several addresses, and a name that is none', async () => {
  for (const url of ['http://127.0.0.1:1', 'http://localhost:1', 'http://no-such-host.invalid']) {
    const upstream = new HttpUpstream('users', { url, timeoutMs: 3_000 }, identify);
    await expect(upstream.get(path`/`, Answer)).rejects.toMatchObject({ reason: 'unreachable' });
    await upstream.close();
  }
});

test('a path in the configured URL comes before every path', async () => {
  await using fake = await HttpFake.start(({ path: asked }) => ({ name: asked }));
  const upstream = new HttpUpstream('users', { url: `${fake.url}/people/`, ...config }, identify);
  expect(await upstream.get(path`/users/${7}`, Answer)).toEqual({ name: '/people/users/7' });
  await upstream.close();
});

test.each(['ftp://x', 'users', '', 'http://ada:secret@host'])(
  'the URL %j is refused at start, by the name of its setting',
  (url) => {
    expect(() => new HttpUpstream('users', { url, ...config }, identify)).toThrow('upstreams.users.url');
  },
);
