import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { z } from 'zod';

const ANSWER = 'bff:answer';

/** What a route answers with that is no view: JSON of one shape, whole or not at all. */
export interface PlainAnswer {
  /** In the document of the API; undefined: a page for people, or nothing. */
  readonly name?: string;
  readonly schema?: z.ZodType;
  /** What it is, in a sentence. */
  readonly description: string;
}

export const AnswersWith = (answer: PlainAnswer): MethodDecorator => SetMetadata(ANSWER, answer);

export function plainAnswerOf(
  reflector: Reflector,
  handler: (...values: never[]) => unknown,
): PlainAnswer | undefined {
  return reflector.get<PlainAnswer | undefined>(ANSWER, handler);
}
