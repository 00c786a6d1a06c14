import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** What a shell answers for a command that was interrupted. */
const INTERRUPTED = 130;

/** Keeps npm and turbo from calling home and from advertising new versions. */
export const quietTools = {
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
};

/**
 * Runs a command without a terminal and resolves, never rejects, with its exit code and everything it wrote; each line
 * goes to `onLine` as it comes. When we are told to stop, so is the command, and then we end.
 */
export function runCommand(command, args, { cwd, onLine = () => {} }) {
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...quietTools },
    shell: command.endsWith('.cmd'),
  });
  let interrupted = false;
  const stop = (signal) => {
    interrupted = true;
    child.kill(signal);
  };
  for (const signal of STOPS) process.on(signal, stop);

  let output = '';
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      output += `${line}\n`;
      onLine(line);
    });
  }
  return new Promise((resolve) => {
    const end = (code) => {
      for (const signal of STOPS) process.off(signal, stop);
      if (interrupted) process.exit(INTERRUPTED);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}
