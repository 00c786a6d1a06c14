import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport } from './transport.js';

type Reply = (response: ServerResponse) => void;

/** A gateway that gives each request the next of these answers, the last one for ever. */
async function startGateway(...replies: readonly Reply[]) {
  let requests = 0;
  const server = createServer((_request, response) => {
    const reply = replies[Math.min(requests, replies.length - 1)];
    requests += 1;
    reply?.(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const transport = createTransport({ baseUrl, csrf: true });
  return {
    requests: () => requests,
    events: (signal?: AbortSignal) =>
      transport.events<object>({ method: 'GET', path: '/events' }, { signal }),
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Whoever is cut off comes again after a millisecond. */
const soon = 'retry: 1\n\n';

const streaming =
  (text: string, end: 'open' | 'ended' | 'broken' = 'open'): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(text, () => {
      if (end === 'ended') response.end();
      if (end === 'broken') response.destroy();
    });
  };

const refusing =
  (status: number, code: string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
    response.end(JSON.stringify({ type: `urn:bff:${code}`, title: 'No', status }));
  };

async function take(events: AsyncGenerator<object, void>, count: number): Promise<object[]> {
  const taken: object[] = [];
  for await (const event of events) if (taken.push(event) === count) break;
  return taken;
}

test('events are their names and data; comments, lines of other names, and what is without data are none', async () => {
  using gateway = await startGateway(
    streaming(
      `${soon}: alive\n\nevent: moved\nid: 7\ndata: {"to":\ndata: "here"}\n\nevent: nothing\n\n` +
        'data:{"is":2}\r\n\r\nevent: half\ndata: {}',
    ),
  );
  expect(await take(gateway.events(), 2)).toEqual([
    { event: 'moved', to: 'here' },
    { event: 'message', is: 2 },
  ]);
});

test.each([
  ['ends', streaming(`${soon}data: {"at":1}\n\n`, 'ended')],
  ['breaks', streaming(`${soon}data: {"at":1}\n\n`, 'broken')],
])('a stream that %s is opened again', async (_what, first) => {
  using gateway = await startGateway(first, streaming('data: {"at":2}\n\n'));
  const events = gateway.events();
  expect((await events.next()).value).toEqual({ event: 'message', at: 1 });
  expect((await events.next()).value).toEqual({ event: 'message', at: 2 });
  await events.return();
});

test('a gateway that is busy or restarts is asked again, when it said', async () => {
  using gateway = await startGateway(
    streaming(soon, 'ended'),
    refusing(503, 'overloaded'),
    (response) => response.writeHead(502).end('<html>'),
    refusing(429, 'rate_limited', { 'retry-after': '0' }),
    streaming('data: {"at":2}\n\n'),
  );
  expect(await take(gateway.events(), 1)).toEqual([{ event: 'message', at: 2 }]);
});

test.each([
  ['a refusal for good', refusing(401, 'unauthenticated'), { code: 'unauthenticated' }],
  ['what is no stream', streamless(), { name: 'UnexpectedAnswerError' }],
  ['an event that is no JSON', streaming('data: nothing\n\n'), { name: 'UnexpectedAnswerError' }],
])('%s ends it', async (_what, reply, error) => {
  using gateway = await startGateway(reply);
  await expect(take(gateway.events(), 1)).rejects.toMatchObject(error);
  expect(gateway.requests()).toBe(1);
});

function streamless(): Reply {
  return (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
}

test('a signal ends it with its own reason, while it waits to come again too', async () => {
  using gateway = await startGateway(streaming('retry: 60000\n\ndata: {"at":1}\n\n', 'ended'));
  const leave = new AbortController();
  const events = gateway.events(leave.signal);
  await events.next();
  const waiting = events.next();
  leave.abort(new Error('the tab is closed'));
  await expect(waiting).rejects.toThrow('the tab is closed');
});
