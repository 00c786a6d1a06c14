import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Reply } from './answer-questions.js';

export interface ProcessOptions {
  readonly name: string;
  /** Below `dist`. */
  readonly file: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Below `dist`: loaded before `file`. */
  readonly preload?: string;
  /** Where standard output goes. */
  readonly log: string;
}

export interface RunningProcess extends AsyncDisposable {
  /** What it said when it was ready. */
  readonly ready: unknown;
  /** One question at a time. Rejects when the process fails to answer, or ends. */
  ask<T>(question: string, detail?: unknown): Promise<T>;
}

const keptErrorCharacters = 2_000;
/** What has not said by then that it is ready never will. */
const startLimitMs = 30_000;

/** Runs a file of ours in a process of its own, in production mode; rejects with its last words if it ends instead. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const child = spawn(options);
  let lastWords = '';
  child.stderr?.on('data', (data: Buffer) => {
    lastWords = (lastWords + data.toString()).slice(-keptErrorCharacters);
  });
  const ended = endOf(child);
  const failed = ended.then(() => {
    throw new Error(`${options.name} ended: ${lastWords.trim() || 'it said nothing'}`);
  });
  failed.catch(() => undefined);
  const next = () => new Promise((resolve) => child.once('message', resolve));
  const tooLate = setTimeout(() => child.kill('SIGKILL'), startLimitMs);
  const ready = await Promise.race([next(), failed]).finally(() => clearTimeout(tooLate));
  return {
    ready,
    ask: async <T>(ask: string, detail?: unknown) => {
      const reply = next();
      child.send({ ask, detail });
      return readReply(options.name, (await Promise.race([reply, failed])) as Reply) as T;
    },
    [Symbol.asyncDispose]: () => {
      if (child.connected) child.disconnect();
      return ended;
    },
  };
}

function spawn({ file, log, preload, ...options }: ProcessOptions): ChildProcess {
  const output = openSync(log, 'a');
  try {
    return fork(inDist(file), options.arguments ?? [], {
      env: { NODE_ENV: 'production', ...options.environment },
      execArgv: preload === undefined ? [] : ['--import', new URL(`../${preload}`, import.meta.url).href],
      serialization: 'advanced',
      stdio: ['ignore', output, 'pipe', 'ipc'],
    });
  } finally {
    closeSync(output);
  }
}

/** Its `close` event does not come after a `disconnect` of ours. Waits for who inherited standard error as well. */
async function endOf(child: ChildProcess): Promise<void> {
  const { stderr } = child;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  await Promise.all([
    exit,
    stderr === null ? undefined : new Promise((resolve) => stderr.once('end', resolve)),
  ]);
}

function inDist(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

function readReply(name: string, reply: Reply): unknown {
  if ('failure' in reply) throw new Error(`${name}: ${reply.failure}`);
  return reply.answer;
}
