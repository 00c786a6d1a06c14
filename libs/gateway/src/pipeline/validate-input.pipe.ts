import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ProblemError } from '@bff/problem';

/** Checks what a handler takes against the schema it names, and lists every mistake at once. */
export function createInputPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const errors = issues.slice(0, maxErrors).map(({ path = [], message }) => ({
        path: shorten(path.map(nameOf).join('.')),
        message: shorten(message),
      }));
      return new ProblemError('invalid_request', undefined, { errors });
    },
  });
}

/** Ten thousand wrong elements need no ten thousand messages. */
const maxErrors = 50;
/** Names that the caller made up are part of paths and messages. */
const maxLength = 200;

function shorten(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).toWellFormed()}…`;
}

function nameOf(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
