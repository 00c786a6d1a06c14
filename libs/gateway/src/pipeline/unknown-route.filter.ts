import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemError, ProblemFilter } from '@bff/problem';
import { methodsOf } from './methods-of.js';

/** The router knows no such route: 404, or 405 with `Allow` where the path exists under other methods. */
@Catch(NotFoundException)
export class UnknownRouteFilter implements ExceptionFilter<NotFoundException> {
  constructor(private readonly problems: ProblemFilter) {}

  catch(exception: NotFoundException, host: ArgumentsHost): void {
    const allow = methodsOf(host.switchToHttp().getRequest<Request>());
    const error =
      allow.length === 0
        ? new ProblemError('not_found', undefined, { cause: exception })
        : new ProblemError('method_not_allowed', undefined, { headers: { Allow: allow.join(', ') } });
    this.problems.catch(error, host);
  }
}
