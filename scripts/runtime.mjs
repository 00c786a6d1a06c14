import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from './failures.mjs';
import { npmCommand } from './npm-command.mjs';
import { runCommand } from './run-command.mjs';

/** The oldest Node of its own that a machine may use where the pinned one has no binary for it. */
const OLDEST = 24;

/**
 * npm puts the pinned runtime (devDependency `node`) into node_modules/.bin by an install script. Runs that script where
 * npm was told to run none; where the binary does not run (musl), the machine's own Node does if it is new enough.
 */
export async function ensureRuntime(root) {
  if (runs(root)) return;
  const { command, args } = npmCommand();
  const rebuild = [...args, 'rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'];
  const { output } = await runCommand(command, rebuild, { cwd: root });
  if (runs(root)) return;

  rmSync(join(root, 'node_modules', '.bin', 'node'), { force: true });
  rmSync(join(root, 'node_modules', 'node', 'bin'), { force: true, recursive: true });
  if (Number(process.versions.node.split('.')[0]) >= OLDEST) return;
  const remedy = `it does not run on this machine. Install Node ${OLDEST} or newer yourself, then run this again.`;
  throw new CommandError('Installing the pinned Node', output, remedy);
}

function runs(root) {
  const node = join(root, 'node_modules', '.bin', 'node');
  return (
    spawnSync(node, ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0
  );
}
