import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type CallerAuthentication, currentContext } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { type RequiredAuthentication, stepUpOf } from './access.js';
import { AUTH_OPTIONS } from './auth.options.js';
import { isOfClass } from './session/authentication-class.js';
import type { SessionOptions } from './session/session.options.js';

/** 401 with what to ask the provider for, unless the caller has shown who he is as the route's `@StepUp()` wants it. */
@Injectable()
export class StepUpGuard implements CanActivate {
  private readonly acrOrder: readonly string[];

  constructor(
    private readonly reflector: Reflector,
    @Inject(AUTH_OPTIONS) { session }: { readonly session: Pick<SessionOptions, 'acrOrder'> },
  ) {
    this.acrOrder = session.acrOrder;
  }

  canActivate(execution: ExecutionContext): boolean {
    const required = stepUpOf(this.reflector, execution.getHandler());
    if (required === undefined || this.isEnough(currentContext()?.caller?.authentication, required))
      return true;
    throw stepUpProblem(required);
  }

  private isEnough(
    authentication: CallerAuthentication | undefined,
    { acrValues, maxAgeSeconds = Infinity }: RequiredAuthentication,
  ): boolean {
    if (authentication === undefined) return false;
    const { acr, atMs } = authentication;
    const isStrong = acrValues === undefined || isOfClass(acr, acrValues, this.acrOrder);
    return isStrong && Date.now() - atMs <= maxAgeSeconds * 1_000;
  }
}

/** RFC 9470, section 3; and the same in words for a page. */
function stepUpProblem({ acrValues, maxAgeSeconds }: RequiredAuthentication): ProblemError {
  const wishes = {
    ...(acrValues === undefined ? {} : { acr_values: acrValues.join(' ') }),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
  };
  const told = { realm: 'bff', error: 'insufficient_user_authentication', ...wishes };
  const challenge = `Bearer ${Object.entries(told)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;
  const detail = `Sign in for this at /bff/login?${new URLSearchParams(wishes).toString()}`;
  return new ProblemError('step_up_required', detail, { headers: { 'WWW-Authenticate': challenge } });
}
