import { pino, type DestinationStream } from 'pino';

/** A line waits no longer than this for others to be written with it. */
const maxDelayMs = 50;
/** In UTF-16 units. */
const bufferLength = 4_096;

let shared: DestinationStream | undefined;

/**
 * Standard output, written to in blocks: a system call for each line is one of the dearest things that a small answer
 * costs. What is buffered is written when the process exits, also by an error; only SIGKILL loses up to 50 ms of it.
 */
export function standardOutput(): DestinationStream {
  shared ??= openStandardOutput();
  return shared;
}

function openStandardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '') output.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return {
    write: (line: string): void => {
      lines += line;
      if (lines.length >= bufferLength) flush();
      else timer ??= setTimeout(flush, maxDelayMs).unref();
    },
  };
}
