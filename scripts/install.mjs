import { CommandError } from './failures.mjs';
import { removeStamp, writeStamp } from './install-stamp.mjs';
import { npmCommand } from './npm-command.mjs';
import { startProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { ensureRuntime } from './runtime.mjs';

/** Development and platform packages are needed whatever NODE_ENV and the user's npm configuration say. */
const CI = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-progress'];

/** Installs what package-lock.json says. Throws CommandError; the tree then counts as not installed. */
export async function install(root, reason) {
  const progress = startProgress(`Installing packages (${reason})`);
  try {
    removeStamp(root);
    const { command, args } = npmCommand();
    const { code, output } = await runCommand(command, [...args, ...CI], { cwd: root });
    if (code !== 0) throw new CommandError('Installing packages', output);
    await ensureRuntime(root);
    writeStamp(root);
  } catch (error) {
    progress.failed();
    throw error;
  }
  progress.done();
}
