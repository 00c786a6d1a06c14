import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ProblemCode } from '@bff/problem';

const MAY_ANSWER = 'bff:may-answer';

/** Problems that this route has beside those of all routes of its kind; `/openapi.json` names them. */
export const MayAnswer = (...codes: ProblemCode[]): MethodDecorator => SetMetadata(MAY_ANSWER, codes);

export function ownProblemsOf(
  reflector: Reflector,
  handler: Parameters<Reflector['get']>[1],
): readonly ProblemCode[] {
  return reflector.get<readonly ProblemCode[] | undefined>(MAY_ANSWER, handler) ?? [];
}
