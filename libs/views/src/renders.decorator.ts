import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ExecutionContext } from '@nestjs/common';
import type { Sections, View } from './view.js';

const VIEW = 'bff:view';

/** What a route answers with. Every route has one; a test sees to it. */
export const Renders = <S extends Sections>(view: View<S>): MethodDecorator => SetMetadata(VIEW, view);

export function viewOf(
  reflector: Reflector,
  handler: ReturnType<ExecutionContext['getHandler']>,
): View | undefined {
  return reflector.get<View | undefined>(VIEW, handler);
}
