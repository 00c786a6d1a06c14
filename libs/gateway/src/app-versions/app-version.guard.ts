import { type CanActivate, type ExecutionContext, SetMetadata, type Type } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { AppVersions } from './app-versions.js';

const ANY_APP_VERSION = 'bff:any-app-version';

/** A route that a version of the app which is blocked may call all the same. Every use is on a list that a test compares. */
export const AnyAppVersion = (): ClassDecorator & MethodDecorator => SetMetadata(ANY_APP_VERSION, true);

type Handler = ReturnType<ExecutionContext['getHandler']>;

export function takesAnyAppVersion(reflector: Reflector, handler: Handler, controller: Type): boolean {
  return reflector.getAllAndOverride<boolean | undefined>(ANY_APP_VERSION, [handler, controller]) === true;
}

/** Step 3 of a request for a view or an action. */
export class AppVersionGuard implements CanActivate {
  constructor(
    private readonly versions: AppVersions,
    private readonly reflector: Reflector,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    if (takesAnyAppVersion(this.reflector, execution.getHandler(), execution.getClass())) return true;
    const http = execution.switchToHttp();
    this.versions.check(http.getRequest<Request>(), http.getResponse<Response>());
    return true;
  }
}
