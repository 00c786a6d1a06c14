import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { type Caller, currentContext } from '@bff/context';
import { isPublic } from './access.js';
import { Callers } from './methods/callers.js';

/** Closed by default: every route needs a known caller unless it is marked `@Public()`. */
@Injectable()
export class AuthenticateGuard implements CanActivate {
  constructor(
    private readonly callers: Callers,
    private readonly reflector: Reflector,
  ) {}

  canActivate(execution: ExecutionContext): boolean | Promise<boolean> {
    if (isPublic(this.reflector, execution.getHandler())) return true;
    const http = execution.switchToHttp();
    const caller = this.callers.identify(http.getRequest<Request>(), http.getResponse<Response>());
    return caller instanceof Promise ? caller.then(keep) : keep(caller);
  }
}

function keep(caller: Caller): true {
  const context = currentContext();
  if (context === undefined) throw new Error('no request context: the pipeline opens it before any guard');
  context.caller = caller;
  return true;
}
