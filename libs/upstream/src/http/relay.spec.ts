import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, until } from '@bff/testing';
import { Deadline, Ending, runInContext } from '@bff/context';
import { HttpUpstream } from './http-upstream.js';
import type { RelaySink } from './relay-exchange.js';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** A service, an upstream to it, and a sink that keeps what it is given. */
async function open(serve: Serve, timeoutMs = 2_000) {
  const service = await listen(createServer(serve));
  const upstream = new HttpUpstream(
    'files',
    { url: service.url, timeoutMs },
    { caller: { keyOf: () => '', headersOf: () => ({ 'x-user-id': '7' }) } },
  );
  const got = { status: 0, headers: [] as readonly string[], chunks: [] as Buffer[], isWhole: false };
  const sink: RelaySink = {
    onHead: (status, headers) => Object.assign(got, { status, headers }),
    write: (chunk) => got.chunks.push(Buffer.from(chunk)) > 0,
    onDrain: () => undefined,
    end: () => void (got.isWhole = true),
  };
  const relay = (path = '/', body: AsyncIterable<Uint8Array> | null = null, method: 'GET' | 'POST' = 'GET') =>
    upstream.http.relay({ method, path, headers: ['x-own', 'a', 'x-own', 'b'], body }, sink);
  return {
    got,
    sink,
    relay,
    state: () => upstream.state(),
    text: () => Buffer.concat(got.chunks).toString(),
    [Symbol.asyncDispose]: async () => {
      await upstream.close();
      await service.close();
    },
  };
}

test('an answer is handed on byte for byte with its status and all of its headers, and ours go along once', async () => {
  let seen: string[] = [];
  await using world = await open((request, response) => {
    seen = request.rawHeaders;
    response
      .writeHead(404, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Odd', 'é'])
      .end('{"id":12345678901234567890}');
  });
  await world.relay('/a%2Fb?c=d');
  expect(world.got).toMatchObject({ status: 404, isWhole: true });
  expect(world.text()).toBe('{"id":12345678901234567890}');
  expect(world.got.headers.slice(0, 6)).toEqual(['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Odd', 'é']);
  expect(seen.filter((text) => text === 'x-own')).toHaveLength(2);
  expect(seen).toContain('x-user-id');
});

test('a status of 5xx is handed on, and counts as a failure of the service', async () => {
  await using world = await open((_request, response) => void response.writeHead(500).end('internal'));
  await world.relay();
  expect(world.got).toMatchObject({ status: 500, isWhole: true });
  expect(world.state().calls.failed.bad_response).toBe(1);
});

test('an answer may take longer than its upstream has to begin it', async () => {
  await using world = await open((_request, response) => {
    response.write('a');
    setTimeout(() => response.end('b'), 250);
  }, 100);
  await world.relay();
  expect(world.text()).toBe('ab');
  expect(world.state().circuit).toBe('closed');
});

test('one that does not begin in time is a time-out', async () => {
  await using world = await open(() => undefined, 50);
  await expect(world.relay()).rejects.toMatchObject({ reason: 'timeout' });
  expect(world.got.status).toBe(0);
});

test('one that ends before it is whole is no whole answer', async () => {
  await using world = await open((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('cut');
    setTimeout(() => response.destroy(), 10);
  });
  await expect(world.relay()).rejects.toMatchObject({ reason: 'unreachable' });
  expect(world.got).toMatchObject({ status: 200, isWhole: false });
});

test('a body is sent as it comes, and only once', async () => {
  const bodies: string[] = [];
  await using world = await open((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.destroy();
    });
  });
  async function* body() {
    yield Buffer.from('one ');
    yield Buffer.from('two');
  }
  await expect(world.relay('/', body(), 'POST')).rejects.toMatchObject({ reason: 'unreachable' });
  expect(bodies).toEqual(['one two']);
});

test('a reader that is slow stops the service, and gets everything in the end', async () => {
  let sent = 0;
  const size = 64 * 1024;
  await using world = await open((_request, response) => {
    const more = (): void => {
      while (sent < 400) {
        sent += 1;
        if (!response.write(Buffer.alloc(size, 'x'))) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  let resume: (() => void) | undefined;
  let received = 0;
  Object.assign(world.sink, {
    write: (chunk: Buffer) => (received += chunk.length) < 0,
    onDrain: (callback: () => void) => void (resume = callback),
  });
  const done = world.relay();
  await until('it waits', () => resume !== undefined);
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(sent).toBeLessThan(200);
  const pump = setInterval(() => {
    const again = resume;
    resume = undefined;
    again?.();
  }, 0);
  await done;
  clearInterval(pump);
  expect(received).toBe(400 * size);
});

test('a caller who leaves ends it at the socket, and nobody is to blame', async () => {
  let isClosed = false;
  await using world = await open((request, response) => {
    request.socket.on('close', () => (isClosed = true));
    response.write('a');
  });
  const ending = new Ending();
  const context = {
    requestId: 'r-1',
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 },
    deadline: Deadline.after(10_000),
    ending,
  };
  const relayed = runInContext(context, () => world.relay());
  await until('it has begun', () => world.got.status === 200);
  ending.end(undefined);
  await expect(relayed).rejects.toThrow('the caller has gone');
  await until('the socket is closed', () => isClosed);
  expect(world.state().calls).toMatchObject({ callerGone: 1 });
});
