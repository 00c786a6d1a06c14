import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from './listen.js';

/** Where a server may listen and write. */
export interface BrokerPlace {
  readonly port: number;
  readonly folder: string;
}

export interface BrokerRecipe {
  readonly scheme: string;
  /** The program and its arguments; `NAME=value` before the program sets its environment. */
  command(place: BrokerPlace): readonly string[];
  /** What to say to it (nothing: it speaks first), and how its answer begins once it is ready. */
  readonly greeting: { readonly says?: string | Buffer; readonly answer: Buffer };
}

/** On a machine with nothing else to do RabbitMQ takes 6 s; a crowded one may need many times that. */
const readyWithinMs = 150_000;
/** What a test or a hook that starts a broker may take. */
export const brokerTestTimeoutMs = readyWithinMs + 30_000;
const stopWithinMs = 10_000;
const pollMs = 20;
/** The port found free may be taken by the time the server asks for it. */
const starts = 3;

/** A server of its own on a loopback port of its own, with a temporary folder of its own. */
export class BrokerProcess implements AsyncDisposable {
  private child: ChildProcess | undefined;
  private guard: ChildProcess | undefined;

  private constructor(
    private readonly recipe: BrokerRecipe,
    readonly place: BrokerPlace,
  ) {}

  /** Resolves once it answers; rejects with the end of its log when it cannot. */
  static async start(recipe: BrokerRecipe): Promise<BrokerProcess> {
    for (let tries = 1; ; tries += 1) {
      const folder = await mkdtemp(join(tmpdir(), `bff-${recipe.scheme}-`));
      const broker = new BrokerProcess(recipe, { port: await findFreePort(), folder });
      try {
        await broker.start();
        return broker;
      } catch (error) {
        await broker[Symbol.asyncDispose]();
        if (tries === starts) throw error;
      }
    }
  }

  get url(): string {
    return `${this.recipe.scheme}://127.0.0.1:${this.place.port}`;
  }

  /** On the same port and with the same data as before. */
  async start(): Promise<void> {
    const log = openSync(join(this.place.folder, 'log'), 'a');
    const child = spawn('env', this.recipe.command(this.place), {
      cwd: this.place.folder,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child = child;
    this.guard = startGuard(child, this.place.folder);
    const endMs = Date.now() + readyWithinMs;
    while (!(await this.answers())) {
      if (hasEnded(child) || Date.now() > endMs) throw new Error(await this.describeFailure());
      await sleep(pollMs);
    }
  }

  /** Lets it end by itself, as an operator would. */
  async stop(): Promise<void> {
    this.thaw();
    await this.end('SIGTERM');
  }

  /** It keeps its connections and says nothing on them. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.place.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child !== undefined && !hasEnded(child)) {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill(signal);
      const cutOff = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await ended;
      clearTimeout(cutOff);
    }
    this.guard?.stdin?.end('stopped\n');
  }

  private answers(): Promise<boolean> {
    const { says, answer } = this.recipe.greeting;
    return new Promise((resolve) => {
      const socket = connect(this.place.port, '127.0.0.1');
      const settle = (ready: boolean): void => {
        resolve(ready);
        socket.destroy();
      };
      socket.setTimeout(1_000, () => settle(false));
      socket.once('error', () => settle(false));
      socket.once('close', () => settle(false));
      socket.once('data', (bytes: Buffer) => settle(bytes.subarray(0, answer.length).equals(answer)));
      if (says !== undefined) socket.write(says);
    });
  }

  private async describeFailure(): Promise<string> {
    const log = await readFile(join(this.place.folder, 'log'), 'utf8');
    return `${this.recipe.scheme}: the server did not start.\n${log.slice(-2_000)}`;
  }
}

const guardScript = 'read -r stopped || { kill -9 "$1"; rm -rf "$2"; }';

/** Kills the server and removes its folder when this process has gone without doing so: its end of the pipe closes. */
function startGuard(server: ChildProcess, folder: string): ChildProcess {
  const guard = spawn('sh', ['-c', guardScript, 'sh', String(server.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.stdin?.on('error', () => undefined);
  for (const child of [server, guard]) child.unref();
  return guard;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
