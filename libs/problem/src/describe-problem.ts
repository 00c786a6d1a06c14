import type { LoggerService } from '@nestjs/common';
import { problemCodes } from './problem-codes.js';
import { ProblemError } from './problem.error.js';
import { createProblem, type Problem } from './problem.js';

/** What is told of an error; `requestId` undefined: outside of a request. */
export function describeProblem(
  { code, detail, errors, members }: ProblemError,
  requestId?: string,
): Problem {
  return createProblem(code, {
    ...members,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** Enough for what a store or a provider says of itself. */
const maxLineLength = 300;

/**
 * Our own faults as errors, with what was thrown; those of services as warnings; what the gateway refuses by itself for
 * a while in one line, since each call gets it; those of callers not at all.
 */
export function logFault(logger: LoggerService, thrown: unknown, error: ProblemError): void {
  const [status] = problemCodes[error.code];
  if (status === 500) logger.error(thrown);
  else if (thrown instanceof ProblemError && status > 500) logger.warn(toLine(thrown));
  else if (status > 500) logger.warn(error.cause ?? error);
}

function toLine({ code, cause }: ProblemError): string {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return `${code}${why}`.slice(0, maxLineLength);
}
