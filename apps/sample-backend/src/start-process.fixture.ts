import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const fromSource = ['--conditions', '@bff/source', '--import', '@oxc-node/core/register', main];

const Ready = z.object({ ready: z.literal(true), ports: z.record(z.string(), z.int().positive()) });

/** Every port free to choose. */
export const freePorts = {
  USERS_PORT: '0',
  ORDERS_PORT: '0',
  CATALOG_PORT: '0',
  IDENTITY_PORT: '0',
  OPINIONS_PORT: '0',
  FAULTS_PORT: '0',
};

/** Runs main.ts in a process of its own, with this environment and no other. */
export function startProcess(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [...fromSource, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return {
    child,
    output: child.stdout ? text(child.stdout) : Promise.resolve(''),
    errors: child.stderr ? text(child.stderr) : Promise.resolve(''),
    ended: once(child, 'exit'),
    ready: () => once(child, 'message').then(([message]) => Ready.parse(message).ports),
    [Symbol.dispose]: () => child.kill('SIGKILL'),
  };
}
