import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { z } from 'zod';

const ANSWER = 'bff:answer';

/** What a route answers with that is no view: whole or not at all, and never in XML. */
export interface PlainAnswer {
  /** What it is called in the document of the API, and in clients. */
  readonly operation: string;
  /** What it is, in a sentence or two. */
  readonly description: string;
  /** Undefined: a page for people, or nothing. */
  readonly schema?: z.ZodType;
  /** Of the schema, in the document of the API. */
  readonly name?: string;
  /**
   * `page`: for people, or on the way of their browsers to one; problems are pages then, too. `events`: server-sent
   * events, each of which fits the schema. JSON unless given.
   */
  readonly form?: 'page' | 'events';
}

export const AnswersWith = (answer: PlainAnswer): MethodDecorator => SetMetadata(ANSWER, answer);

export function plainAnswerOf(
  reflector: Reflector,
  handler: (...values: never[]) => unknown,
): PlainAnswer | undefined {
  return reflector.get<PlainAnswer | undefined>(ANSWER, handler);
}
