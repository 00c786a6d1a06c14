import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type CallerAuthentication, currentContext } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { type RequiredAuthentication, stepUpOf } from './access.js';

/** 401 with what to ask the provider for, unless the caller has shown who he is as the route's `@StepUp()` wants it. */
@Injectable()
export class StepUpGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(execution: ExecutionContext): boolean {
    const required = stepUpOf(this.reflector, execution.getHandler());
    if (required === undefined || isEnough(currentContext()?.caller?.authentication, required)) return true;
    throw stepUpProblem(required);
  }
}

function isEnough(
  authentication: CallerAuthentication | undefined,
  { acrValues, maxAgeSeconds = Infinity }: RequiredAuthentication,
): boolean {
  if (authentication === undefined) return false;
  const { acr, atMs } = authentication;
  const isOfClass = acrValues === undefined || (acr !== undefined && acrValues.includes(acr));
  return isOfClass && Date.now() - atMs <= maxAgeSeconds * 1_000;
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
