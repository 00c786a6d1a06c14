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
    requireScopes(scopesOf(this.reflector, execution.getHandler()));
    return true;
  }
}

/** Throws `insufficient_scope` unless the caller of this request has all of them. */
export function requireScopes(needed: readonly string[]): void {
  const granted = currentContext()?.caller?.scopes;
  if (!needed.every((scope) => granted?.has(scope)))
    throw bearerProblem('insufficient_scope', { scope: needed.join(' ') });
}
