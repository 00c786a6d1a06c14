import { CommandError } from './failures.mjs';
import { startProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { turboScript } from './turbo.mjs';

/** Builds the packages that changed since they were built last. Throws CommandError with turbo's output. */
export async function build(root, quiet) {
  let progress;
  const onLine = (line) => {
    const [, name] = /^(\S+):build: cache miss/.exec(line) ?? [];
    if (!name) return;
    progress ??= startProgress('Building');
    progress.now(name);
  };
  const args = [turboScript(root), 'run', 'build', '--output-logs=new-only', '--log-order=stream'];
  const { code, output } = await runCommand(process.execPath, args, { cwd: root, onLine });
  if (code !== 0) {
    progress?.failed();
    throw new CommandError('Building', output);
  }
  if (progress) progress.done();
  else if (!quiet) console.error('Everything is built.');
}
