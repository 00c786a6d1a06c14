import { Logger } from '@nestjs/common';

const say = (): void => undefined;

/** For clients that log what also becomes the error of a call, which is logged once, at the edge. */
export const silentLogger: Logger = Object.assign(new Logger('messages'), {
  log: say,
  error: say,
  warn: say,
  debug: say,
  verbose: say,
  fatal: say,
});
