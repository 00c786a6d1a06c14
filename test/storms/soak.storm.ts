import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Deadline, runInContext } from '@bff/context';
import { createContext, listen, until } from '@bff/testing';
import { HttpUpstream, path } from '@bff/upstream';
import { z } from 'zod';

const Answer = z.object({ id: z.string() });

/** Mostly well; else one of the things that services do. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const answer = (): void =>
    void response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ id: request.url?.slice('/users/'.length) }));
  const luck = Math.random();
  if (luck < 0.75) answer();
  else if (luck < 0.8) setTimeout(answer, Math.random() * 20);
  else if (luck < 0.85) response.writeHead(503).end();
  else if (luck < 0.9) request.socket.resetAndDestroy();
  else if (luck < 0.93) response.end('not JSON');
  else if (luck < 0.96) response.writeHead(200, { 'content-length': 100 }).write('half');
  else if (luck < 0.98) response.writeHead(404).end();
}

interface Held {
  readonly heapBytes: number;
  readonly kinds: Readonly<Record<string, number>>;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function held(): Held {
  collect();
  collect();
  const kinds: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return { heapBytes: process.memoryUsage().heapUsed, kinds };
}

test('100,000 calls with random faults and hang-ups leave heap, sockets, timers and listeners flat', async () => {
  await using ending = new AsyncDisposableStack();
  const listening = await listen(createServer(serve));
  ending.defer(() => listening.close());
  const config = {
    url: listening.url,
    timeoutMs: 150,
    hedge: true,
    circuit: { minimumCalls: 1_000_000 },
    retry: { budgetShare: 0.2 },
  };
  const upstream = new HttpUpstream('users', config, {
    caller: {
      keyOf: (context) => context?.caller?.id ?? '',
      headersOf: (context) => ({ 'x-user-id': context?.caller?.id ?? '' }),
    },
  });
  ending.defer(() => upstream.close());
  const outcomes = new Map<string, number>();
  const leaky: AbortSignal[] = [];

  const call = async (id: number): Promise<void> => {
    const leaving = new AbortController();
    const context = createContext({ signal: leaving.signal, deadline: Deadline.after(150) });
    const leave = id % 5 === 0 ? setTimeout(() => leaving.abort(), Math.random() * 5) : undefined;
    const outcome = await runInContext(context, () => upstream.get(path`/users/${id % 1_000}`, Answer)).then(
      (answer) => (answer.id === String(id % 1_000) ? 'ok' : 'wrong'),
      (error: { reason?: string; name: string }) => error.reason ?? error.name,
    );
    clearTimeout(leave);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (getEventListeners(leaving.signal, 'abort').length > 0) leaky.push(leaving.signal);
  };
  const make = async (calls: number): Promise<void> => {
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < calls) await call(next++);
    };
    await Promise.all(Array.from({ length: 24 }, caller));
    await until('the last call is over', () => upstream.state().inFlight === 0);
  };

  await make(10_000);
  const before = held();
  await make(100_000);
  const after = held();

  expect([...outcomes.keys()].toSorted()).toEqual(
    expect.arrayContaining(['CallerGoneError', 'bad_response', 'ok', 'rejected', 'timeout', 'unreachable']),
  );
  expect(outcomes.get('wrong')).toBeUndefined();
  expect(outcomes.get('ok')).toBeGreaterThan(50_000);
  expect(leaky).toEqual([]);
  expect(upstream.state()).toMatchObject({ inFlight: 0, queued: 0, targets: [{ inFlight: 0 }] });
  expect(after.heapBytes - before.heapBytes).toBeLessThan(3 * 1024 * 1024);
  expect(after.kinds['Timeout'] ?? 0).toBeLessThanOrEqual((before.kinds['Timeout'] ?? 0) + 5);

  await ending.disposeAsync();
  await until('all sockets are closed', () => held().kinds['TCPSocketWrap'] === undefined);
}, 600_000);
