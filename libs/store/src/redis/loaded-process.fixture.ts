import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createStore } from '../create-store.js';
import { type Store, StoreUnavailableError } from '../store.js';

/** What a process that uses a store all the time has seen so far. */
export interface LoadReport {
  readonly isAvailable: boolean;
  readonly changes: readonly boolean[];
  readonly gaps: number;
  readonly answered: number;
  readonly refused: number;
  /** Not refused as a store refuses. */
  readonly odd: readonly string[];
  readonly slowestMs: number;
  readonly sockets: number;
  readonly timers: number;
  readonly heapBytes: number;
}

const self = fileURLToPath(import.meta.url);

/**
 * Puts a store under load in a process of its own, which an unhandled rejection or error would end. `finish` resolves
 * with its exit code and what it wrote.
 */
export async function startLoadedProcess(url: string) {
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--conditions', '@bff/source', '--import', '@oxc-node/core/register', self, url],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  const output = Promise.all([text(child.stdout!), text(child.stderr!)]);
  const ended = once(child, 'exit');
  await once(child, 'message');
  return {
    async report(): Promise<LoadReport> {
      child.send('report');
      const [report] = (await once(child, 'message')) as [LoadReport];
      return report;
    },
    async finish(): Promise<{ code: number | null; output: string }> {
      child.send('finish');
      const [code] = (await ended) as [number | null];
      return { code, output: (await output).join('') };
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

const workers = 50;

async function putUnderLoad(url: string): Promise<void> {
  const seen = { answered: 0, refused: 0, gaps: 0, slowestMs: 0 };
  const changes: boolean[] = [];
  const odd: string[] = [];
  const store = createStore({ url, onChange: (isAvailable) => changes.push(isAvailable) });
  await store.subscribe('channel', () => undefined, { onGap: () => (seen.gaps += 1) });
  let isOver = false;
  const work = async (worker: number): Promise<void> => {
    for (let turn = 0; !isOver; turn += 1) {
      const startedMs = performance.now();
      try {
        await use(store, `${worker}`, turn);
        seen.answered += 1;
      } catch (error) {
        seen.refused += 1;
        if (!(error instanceof StoreUnavailableError)) odd.push(String(error));
      }
      seen.slowestMs = Math.max(seen.slowestMs, performance.now() - startedMs);
      await sleep(1);
    }
  };
  const all = Array.from({ length: workers }, (_, worker) => work(worker));
  const finish = async (): Promise<void> => {
    isOver = true;
    await Promise.all(all);
    await store.close();
    process.disconnect?.();
  };
  process.on('message', (order) => {
    if (order === 'finish') return void finish();
    globalThis.gc?.();
    const resources = process.getActiveResourcesInfo();
    process.send?.({
      ...seen,
      changes,
      odd,
      isAvailable: store.isAvailable,
      sockets: resources.filter((name) => name === 'TCPSocketWrap').length,
      timers: resources.filter((name) => name === 'Timeout').length,
      heapBytes: process.memoryUsage().heapUsed,
    } satisfies LoadReport);
    seen.slowestMs = 0;
  });
  process.send?.('started');
}

/** Each turn is one call of the store, so that its time is that of one call. */
async function use(store: Store, key: string, turn: number): Promise<unknown> {
  switch (turn % 6) {
    case 0:
      return store.set(key, 'value', 60_000);
    case 1:
      return store.compareAndSet(key, 'value', 'value', 60_000);
    case 2:
      return store.increment(key, 1, 1_000);
    case 3:
      return store.publish('channel', 'message');
    case 4:
      return (await store.lock(key, { ttlMs: 20, waitMs: 0 }))?.release();
    default:
      return store.get(key);
  }
}

if (process.argv[1] === self && process.argv[2] !== undefined) await putUnderLoad(process.argv[2]);
