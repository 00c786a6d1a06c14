import { startApp } from './app-process.mjs';
import { onOrphaned } from './orphaned.mjs';

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 12_000;

/** One Ctrl-C may arrive twice, from the terminal and from npm: only what comes later is a second one. */
const SAME_CTRL_C_MS = 500;

/**
 * Runs the apps until we are told to stop or one of them ends, and ends this process when all of them have: exit code 0
 * after a stop, 1 otherwise. `onReady` is called once all of them listen.
 */
export async function startApps(apps, { watch, onReady }) {
  const print = (name, line) => console.log(`[${name}] ${line}`);
  const running = apps.map((app) => startApp(app, { watch, print }));
  const allEnded = Promise.all(running.map(({ ended }) => ended));
  let stoppedAt;

  const killAll = (signal) => running.forEach((app) => app.kill(signal));
  const stop = () => {
    if (stoppedAt !== undefined) {
      if (Date.now() - stoppedAt > SAME_CTRL_C_MS) killAll('SIGKILL');
      return;
    }
    stoppedAt = Date.now();
    killAll('SIGTERM');
    setTimeout(() => killAll('SIGKILL'), STOP_WITHIN_MS).unref();
  };
  const fail = (message) => {
    if (stoppedAt !== undefined) return;
    console.error(message);
    process.exitCode = 1;
    stop();
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  onOrphaned(stop);
  for (const { name, ended } of running) {
    void ended.then((how) => fail(`${name} ended by itself (${how}). Everything else is stopped.`));
  }
  const late = setTimeout(() => {
    fail(
      `Not everything listens after ${READY_WITHIN_MS / 1_000} s. Start again with LOG_LEVEL=debug to see why.`,
    );
  }, READY_WITHIN_MS);
  void Promise.all(running.map(({ ready }) => ready)).then(() => {
    clearTimeout(late);
    if (stoppedAt === undefined) onReady();
  });

  await allEnded;
  process.exit();
}
