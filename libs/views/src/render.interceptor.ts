import { hash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import { ProblemError } from '@bff/problem';
import { viewOf } from './renders.decorator.js';
import type { SectionReport } from './section-report.js';
import type { ViewAnswer } from './view.js';
import { VIEWS_OPTIONS, type ViewsOptions } from './views.options.js';

/** Turns a loaded view into the answer that its frontend gets: JSON, complete or honest about what is missing. */
@Injectable()
export class RenderInterceptor implements NestInterceptor<ViewAnswer, string> {
  constructor(
    @Inject(VIEWS_OPTIONS) private readonly options: ViewsOptions,
    private readonly reflector: Reflector,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler<ViewAnswer>): Observable<string> {
    const request = execution.switchToHttp().getRequest<Request>();
    const response = execution.switchToHttp().getResponse<Response>();
    const view = viewOf(this.reflector, execution.getHandler());
    // Checked before anything is loaded or changed: an answer nobody can read is no reason to place an order.
    if (request.accepts('application/json') === false) {
      throw new ProblemError('not_acceptable', 'This endpoint answers with application/json.');
    }
    return next.handle().pipe(
      map((answer) => {
        if (answer.view !== view)
          throw new Error(`${answer.view.name} was loaded where ${view?.name} is declared`);
        return this.render(answer, response);
      }),
    );
  }

  private render({ values, reports }: ViewAnswer, response: Response): string {
    const incomplete = Object.keys(reports).filter((name) => !isComplete(reports[name]));
    const complete = incomplete.length === 0;
    const withMeta = this.options.meta === 'always' || !complete;
    const body = JSON.stringify(withMeta ? { ...values, _meta: { complete, sections: reports } } : values);
    response.setHeader('Content-Type', 'application/json');
    response.vary('Accept');
    response.setHeader('Cache-Control', complete ? 'private, no-cache' : 'no-store');
    if (complete) response.setHeader('ETag', `W/"${hash('sha1', body, 'base64url')}"`);
    else response.setHeader('X-Incomplete', incomplete.join(', '));
    return body;
  }
}

/** A section that nobody wanted is not missing. */
function isComplete(report: SectionReport | undefined): boolean {
  return report?.status === 'ok' || report?.status === 'skipped';
}
