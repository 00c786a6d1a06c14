import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { logFault, problemCodes, ProblemFilter, setProblemHeaders, toProblemError } from '@bff/problem';
import { sendPage } from './pages.js';

/** Where people arrive with their browsers, a problem is a page they can read; programs get it as ever. */
@Catch()
export class PageFilter implements ExceptionFilter {
  private readonly logger = new Logger(PageFilter.name);
  private readonly problems = new ProblemFilter();

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const isPage = request.headers.accept?.includes('text/html') === true && !response.headersSent;
    if (!isPage || response.destroyed) return this.problems.catch(thrown, host);
    const error = toProblemError(thrown);
    logFault(this.logger, thrown, error);
    const [status, title] = problemCodes[error.code];
    setProblemHeaders(response, error);
    sendPage(response, status, {
      title,
      text: error.detail ?? 'Please try again.',
      link: { href: '/bff/login', text: 'Sign in' },
    });
  }
}
