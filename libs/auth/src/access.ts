import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

const PUBLIC = 'bff:public';
const SCOPES = 'bff:scopes';

/** Opens a route to callers nobody knows. Every use is on a list that a test compares. */
export const Public = (): MethodDecorator => SetMetadata(PUBLIC, true);

/** A caller needs all of these scopes. A route without this and without `@Public()` takes any known caller. */
export const Scopes = (...scopes: readonly string[]): MethodDecorator => SetMetadata(SCOPES, scopes);

/** A route handler, as Nest names it to guards. */
type Handler = ReturnType<ExecutionContext['getHandler']>;

export function isPublic(reflector: Reflector, handler: Handler): boolean {
  return reflector.get<boolean | undefined>(PUBLIC, handler) === true;
}

export function scopesOf(reflector: Reflector, handler: Handler): readonly string[] {
  return reflector.get<readonly string[] | undefined>(SCOPES, handler) ?? [];
}
