import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

const PUBLIC = 'bff:public';
const SCOPES = 'bff:scopes';
const STEP_UP = 'bff:step-up';

/** Opens a route to callers nobody knows. Every use is on a list that a test compares. */
export const Public = (): MethodDecorator => SetMetadata(PUBLIC, true);

/** A caller needs all of these scopes. A route without this and without `@Public()` takes any known caller. */
export const Scopes = (...scopes: readonly string[]): MethodDecorator => SetMetadata(SCOPES, scopes);

/** How a caller must have shown who he is: one of these classes, and no longer ago than that. */
export interface RequiredAuthentication {
  readonly acrValues?: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** A route for which being signed in is not enough: `step_up_required` (401) says how to sign in for it. */
export const StepUp = (required: RequiredAuthentication): MethodDecorator => SetMetadata(STEP_UP, required);

/** A route handler, as Nest names it to guards. */
type Handler = ReturnType<ExecutionContext['getHandler']>;

export function isPublic(reflector: Reflector, handler: Handler): boolean {
  return reflector.get<boolean | undefined>(PUBLIC, handler) === true;
}

export function scopesOf(reflector: Reflector, handler: Handler): readonly string[] {
  return reflector.get<readonly string[] | undefined>(SCOPES, handler) ?? [];
}

export function stepUpOf(reflector: Reflector, handler: Handler): RequiredAuthentication | undefined {
  return reflector.get<RequiredAuthentication | undefined>(STEP_UP, handler);
}
