import { ProblemError } from '@bff/problem';

/** The path and query of a request to a service; made by the `path` template only, so every value is encoded. */
export class EncodedPath {
  constructor(readonly text: string) {}
}

/**
 * path`/users/${id}`: each value stays one segment or one query value, whatever it contains.
 * Throws `malformed_request` for values that no encoding keeps in their place: empty ones, `.` and `..`.
 */
export function path(parts: TemplateStringsArray, ...values: readonly (string | number)[]): EncodedPath {
  const encoded = values.map((value) => encodeValue(String(value)));
  return new EncodedPath(parts.reduce((text, part, index) => text + (encoded[index - 1] ?? '') + part));
}

function encodeValue(value: string): string {
  if (value === '' || value === '.' || value === '..' || !value.isWellFormed()) {
    throw new ProblemError('malformed_request', 'An identifier in the URL is not a possible one.');
  }
  return encodeURIComponent(value);
}
