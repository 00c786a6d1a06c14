import { readFileSync } from 'node:fs';

const POLL_MS = 1_000;

/**
 * Calls back once when whoever started us was killed and so could tell nobody: we, or the shell npm puts in between
 * (seen on Linux only), then belong to another parent.
 */
export function onOrphaned(callback) {
  const parents = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const before = parents();
  const timer = setInterval(() => {
    if (parents() === before) return;
    clearInterval(timer);
    callback();
  }, POLL_MS);
  timer.unref();
}

/** From proc_pid_stat(5): the fourth field, the second after the name in brackets. */
function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1];
  } catch {
    return '';
  }
}
