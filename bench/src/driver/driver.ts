// Makes the load: a process of its own, so that its work is not counted as the contender's.
import { Pool } from 'undici';
import { answerQuestions } from '../processes/answer-questions.js';
import { createCheck, pathOf } from './asked.js';
import { type Hold, IdleConnections } from './idle-connections.js';
import type { DriverCaller, LoadResult, LoadRun } from './load.js';
import { Measured } from './measured.js';

/** What takes longer has failed. */
const patienceMs = 10_000;

/** One request; `startMs` is when it should have been made. */
type Call = (caller: DriverCaller, startMs: number) => Promise<void>;

async function run(order: LoadRun): Promise<LoadResult> {
  const pool = new Pool(order.url, {
    connections: order.callers.length,
    pipelining: 1,
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
  });
  const path = pathOf(order.asked);
  const mistakeIn = createCheck(order.asked, order.saysComplete);
  const measured = new Measured();
  const call: Call = async ({ id, headers: credentials }, startMs) => {
    try {
      const headers = { ...credentials, 'x-user-id': id, accept: 'application/json' };
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
      const bytes = Buffer.from(await body.arrayBuffer());
      measured.add(performance.now() - startMs, mistakeIn(id, statusCode, bytes));
    } catch (error) {
      measured.add(performance.now() - startMs, `no answer: ${String(error)}`);
    }
  };
  await (order.load.kind === 'closed'
    ? runClosed(order, order.load, call)
    : runOpen(order, order.load, call));
  await pool.close();
  return measured.result();
}

async function runClosed(
  { callers, seconds }: LoadRun,
  { connections }: { readonly connections: number },
  call: Call,
): Promise<void> {
  const endMs = performance.now() + seconds * 1_000;
  const repeat = async (caller: DriverCaller): Promise<void> => {
    for (let nowMs = performance.now(); nowMs < endMs; nowMs = performance.now()) await call(caller, nowMs);
  };
  await Promise.all(callers.slice(0, connections).map(repeat));
}

async function runOpen(
  { callers, seconds }: LoadRun,
  { requestsPerSecond }: { readonly requestsPerSecond: number },
  call: Call,
): Promise<void> {
  const startMs = performance.now();
  const calls: Promise<void>[] = [];
  for (let index = 0; index < requestsPerSecond * seconds; index += 1) {
    const dueMs = startMs + (index * 1_000) / requestsPerSecond;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await new Promise((resolve) => setTimeout(resolve, earlyMs));
    const caller = callers[index % callers.length];
    if (caller !== undefined) calls.push(call(caller, dueMs));
  }
  await Promise.all(calls);
}

const idle = new IdleConnections();
answerQuestions({
  run,
  hold: (order: Hold) => idle.hold(order),
  release: () => idle.release(),
});
process.send?.({ ready: true });
