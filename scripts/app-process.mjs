import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { runtime } from './prepared.mjs';
import { root } from './root.mjs';

const BUILT = ['--enable-source-maps', 'dist/main.js'];
const FROM_SOURCE = [
  '--watch',
  '--watch-preserve-output',
  '--conditions=@bff/source',
  '--import=@oxc-node/core/register',
  `--import=${new URL('watch-guard.mjs', import.meta.url)}`,
  'src/main.ts',
];

/** Node's own lines about its experiments, which say nothing about the app. */
const NOISE = /ExperimentalWarning|--trace-warnings/;

/**
 * Starts an app in a process group of its own, so that Ctrl-C in the terminal reaches only us and the app hears from us
 * once. Its IPC channel tells us when it is ready, and tells the app when we are gone.
 */
export function startApp({ name, env, startsQuietly }, { watch, print }) {
  const child = spawn(runtime(), watch ? FROM_SOURCE : BUILT, {
    cwd: join(root, 'apps', name),
    env: { ...process.env, ...env, STARTED_BY: String(process.pid) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  let lastError = '';
  let isReady = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (isReady || !startsQuietly) print(name, line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (NOISE.test(line)) return;
    lastError = line.trim() || lastError;
    print(name, line);
  });
  const ready = new Promise((resolve) => {
    child.on('message', (message) => {
      if (!message?.ready) return;
      isReady = true;
      resolve();
    });
  });
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(`${signal ?? `exit code ${code}`}${lastError && `: ${lastError}`}`),
    );
  });
  return { name, pid: child.pid, ready, ended, kill: (signal) => killGroup(child, signal) };
}

/** The whole group: in watch mode the app is a child of the child. */
function killGroup({ pid, exitCode, signalCode }, signal) {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
