import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { currentContext } from '@bff/context';
import { scopesOf } from './access.js';
import { bearerProblem } from './bearer/bearer-challenge.js';

/** 403 unless the caller has every scope that the route's `@Scopes()` names. */
@Injectable()
export class ScopesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(execution: ExecutionContext): boolean {
    const needed = scopesOf(this.reflector, execution.getHandler());
    const granted = currentContext()?.caller?.scopes;
    if (needed.every((scope) => granted?.has(scope))) return true;
    throw bearerProblem('insufficient_scope', { scope: needed.join(' ') });
  }
}
