import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ProblemError } from '@bff/problem';

/** Checks what a handler takes against the schema it names, and lists every mistake at once. */
export function createInputPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const errors = issues.map(({ path = [], message }) => ({ path: path.map(nameOf).join('.'), message }));
      return new ProblemError('invalid_request', undefined, { errors: errors.slice(0, maxErrors) });
    },
  });
}

/** Ten thousand wrong elements need no ten thousand messages. */
const maxErrors = 50;

function nameOf(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
