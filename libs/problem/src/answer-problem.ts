import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { logFault } from './describe-problem.js';
import { toProblemError } from './to-problem.js';
import { CallerGoneError, unwrapUpstreamError } from './upstream.error.js';
import { writeProblem } from './write-problem.js';

/**
 * Ends a request with what was thrown: a problem, or the end of the connection where an answer has begun or nobody is
 * there to read one. Our own faults are logged.
 */
export function answerProblem(
  logger: LoggerService,
  request: IncomingMessage,
  response: ServerResponse,
  caught: unknown,
): void {
  const thrown = unwrapUpstreamError(caught);
  if (thrown instanceof CallerGoneError || response.destroyed) return void response.destroy();
  const error = toProblemError(thrown);
  logFault(logger, thrown, error);
  if (response.headersSent) return void response.destroy();
  writeProblem(request, response, error);
}
