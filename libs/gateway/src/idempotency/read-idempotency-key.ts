import { ProblemError } from '@bff/problem';

const maxLength = 255;
/** A string of RFC 9651, section 3.3.3, as the draft of the header wants it. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"$/;
/** The same without its quotes, as most clients send it. */
const bare = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

/**
 * The key of a request, or undefined where it has none (draft-ietf-httpapi-idempotency-key-header-07, section 2.1).
 * Throws `malformed_request` for what is no key: two of them, for example.
 */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = String(header).trim();
  const [, escaped] = quoted.exec(text) ?? [];
  const key = escaped?.replaceAll(/\\(["\\])/g, '$1') ?? (bare.test(text) ? text : undefined);
  if (key === undefined || key.length > maxLength)
    throw new ProblemError(
      'malformed_request',
      `Idempotency-Key takes one key of up to ${maxLength} visible ASCII characters, such as a UUID.`,
    );
  return key;
}
