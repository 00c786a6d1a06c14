import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { logFault } from './describe-problem.js';
import { toProblemError } from './to-problem.js';
import { CallerGoneError, unwrapUpstreamError } from './upstream.error.js';
import { writeProblem } from './write-problem.js';

/** Answers whatever was thrown as a problem, and logs our own faults once. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(caught: unknown, host: ArgumentsHost): void {
    const thrown = unwrapUpstreamError(caught);
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (thrown instanceof CallerGoneError || response.destroyed) return void response.destroy();
    const error = toProblemError(thrown);
    logFault(this.logger, thrown, error);
    if (response.headersSent) return void response.destroy();
    writeProblem(request, response, error);
  }
}
