import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findFreePort, until } from '@bff/testing';

/** A gateway in a process of its own, built, as in production. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly managementUrl: string;
  readonly child: ChildProcess;
  /** What it has written to standard output and standard error so far. */
  readonly output: { stdout: string; stderr: string };
  /** The exit code, when it has ended. */
  readonly exit: Promise<number | null>;
}

interface Options {
  readonly app: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
  /** Free ones unless given. */
  readonly port?: number;
}

/** On a machine with nothing else to do it takes one second or two. */
const readyWithinMs = 45_000;

/** Starts one and waits until it listens; rejects with its output when it ends before. */
export async function startGatewayProcess(options: Options): Promise<GatewayProcess> {
  const started = await spawnGateway(options);
  const ended = started.exit.then((code) => {
    throw new Error(`${options.app} ended with ${code}: ${started.output.stderr}${started.output.stdout}`);
  });
  await Promise.race([
    until('the gateway is ready', () => isReady(started.managementUrl), readyWithinMs),
    ended,
  ]);
  return started;
}

/** Starts one without waiting for anything. */
export async function spawnGateway({
  app,
  environment,
  nodeFlags = [],
  ...options
}: Options): Promise<GatewayProcess> {
  const port = options.port ?? (await findFreePort());
  const managementPort = await findFreePort();
  const script = fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, '--enable-source-maps', script], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...environment,
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const exit = endOf(child);
  return {
    url: `http://127.0.0.1:${port}`,
    managementUrl: `http://127.0.0.1:${managementPort}`,
    child,
    output,
    exit,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Not `close`: that event does not come once the IPC channel was disconnected by hand. */
async function endOf(child: ChildProcess): Promise<number | null> {
  const outputs = [child.stdout, child.stderr].map(async (stream) => stream && once(stream, 'close'));
  const [code] = (await once(child, 'exit')) as [number | null];
  await Promise.all(outputs);
  return code;
}

async function isReady(managementUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${managementUrl}/health/ready`)).ok;
  } catch {
    return false;
  }
}
