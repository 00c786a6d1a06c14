/** In a terminal the seconds count up on one line; elsewhere a line now and then shows that it still lives. */
const TERMINAL_MS = 1_000;
const LOG_MS = 10_000;

/** Says on stderr what is being done, that it still is, and how it ended. */
export function startProgress(what) {
  const { stderr } = process;
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1_000)} s`;
  let detail = '';

  const show = () => {
    const line = `${what} … ${seconds()}${detail && `, ${detail}`}`;
    stderr.write(stderr.isTTY ? `\r\x1b[K${line.slice(0, (stderr.columns ?? 80) - 1)}` : `${line}\n`);
  };
  const end = (word) => {
    clearInterval(timer);
    stderr.write(`${stderr.isTTY ? '\r\x1b[K' : ''}${what}: ${word} after ${seconds()}.\n`);
  };
  stderr.write(stderr.isTTY ? `${what} …` : `${what} …\n`);
  const timer = setInterval(show, stderr.isTTY ? TERMINAL_MS : LOG_MS);

  return {
    /** What of it is under way, for the next line. */
    now: (text) => (detail = text),
    done: () => end('done'),
    failed: () => end('failed'),
  };
}
