import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * Does what the pre-script would have done, when npm was told to run none (`ignore-scripts`). Ends the process when
 * that fails.
 */
export function ensurePrepared(...options) {
  if (process.env.npm_config_ignore_scripts !== 'true') return;
  const prepare = join(root, 'scripts', 'prepare.mjs');
  const { status } = spawnSync(process.execPath, [prepare, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}

/** The Node the platform runs on: the pinned one, or ours where that one has no binary for this machine. */
export function runtime() {
  const pinned = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  return existsSync(pinned) ? pinned : process.execPath;
}
