import type { LoggerService } from '@nestjs/common';
import { problemCodes } from './problem-codes.js';
import type { ProblemError } from './problem.error.js';
import { createProblem, type Problem } from './problem.js';

/** What is told of an error; `requestId` undefined: outside of a request. */
export function describeProblem({ code, detail, errors }: ProblemError, requestId?: string): Problem {
  return createProblem(code, {
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** Our own faults as errors, with what was thrown; those of services as warnings; those of callers not at all. */
export function logFault(logger: LoggerService, thrown: unknown, error: ProblemError): void {
  const [status] = problemCodes[error.code];
  if (status === 500) logger.error(thrown);
  else if (status > 500) logger.warn(error.cause ?? error);
}
