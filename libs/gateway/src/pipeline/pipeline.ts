import { Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { AuthenticateGuard, ScopesGuard, StepUpGuard } from '@bff/auth';
import { ProblemFilter } from '@bff/problem';
import { AddressLimitGuard, CallerLimitGuard } from '@bff/throttling';
import { NegotiateGuard } from '@bff/views';
import { AppVersionGuard } from '../app-versions/app-version.guard.js';
import type { AppVersions } from '../app-versions/app-versions.js';
import { RouteDeadlineGuard } from './answer-within.js';
import { compressAnswers } from './compress.js';
import type { CorsStep } from './cors.js';
import { openContext, type OpenContextOptions } from './open-context.js';
import { ReadBodyGuard } from './read-body.guard.js';
import { refuseMalformed } from './refuse-malformed.js';
import { setSecurityHeaders } from './security-headers.js';
import { UnknownRouteFilter } from './unknown-route.filter.js';
import { createInputPipe } from './validate-input.pipe.js';

interface PipelineOptions extends OpenContextOptions {
  readonly appVersions: AppVersions;
  readonly cors: CorsStep | undefined;
}

/** The way of a request, in order. The numbers are those of docs/way-of-a-request.md. */
export function assemblePipeline(app: NestExpressApplication, options: PipelineOptions): void {
  app.use(openContext(options)); // 1 context, and 11 the access log when all is over
  app.use((request: Request, response: Response, next: NextFunction): void => {
    setSecurityHeaders(response); // 2 security headers, malformed requests
    refuseMalformed(request);
    compressAnswers(request, response, next); // 10 compression of whatever is answered from here on
  });
  if (options.cors !== undefined) app.use(options.cors); // 2 CORS, off unless origins are listed
  app.useGlobalGuards(
    new RouteDeadlineGuard(app.get(Reflector)), // 1 the deadline of a route that has its own
    app.get(AddressLimitGuard), // 3 coarse limit per address
    new AppVersionGuard(options.appVersions, app.get(Reflector)), // 3 is this version of the app served
    app.get(AuthenticateGuard), // 4 who is calling; 5 for cookies, whether a page of ours sent it
    app.get(CallerLimitGuard), // 6 limit per caller
    app.get(ScopesGuard), // 7 scopes
    app.get(StepUpGuard), // 7 how and when the caller has shown who he is
    new NegotiateGuard(app.get(Reflector)), // 8 can the caller read what is answered, and is it there
    new ReadBodyGuard(), // 8 parse the body; then load, shape, and render by GatewayAdapter.reply
  );
  app.useGlobalPipes(createInputPipe()); // 8 validate
  const problems = new ProblemFilter(); // 9 errors become problems
  app.useGlobalFilters(problems, new UnknownRouteFilter(problems));
}
