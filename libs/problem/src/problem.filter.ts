import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { answerProblem } from './answer-problem.js';

/** Answers whatever was thrown as a problem, and logs our own faults once. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerProblem(this.logger, http.getRequest<Request>(), http.getResponse<Response>(), thrown);
  }
}
