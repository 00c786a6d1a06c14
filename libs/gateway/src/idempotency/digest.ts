import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { formFor } from '@bff/views';

/** SHA-256 as 43 characters; lists with different members have different digests. */
export function digest(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/**
 * What a request asks for: its URL, what its body says, and the form in which it wants the answer. A body counts as the
 * value that was read from it: spaces, and the order of names, make no other request.
 */
export function fingerprintOf(request: Request): string {
  return digest([request.method, request.originalUrl, formFor(request), canonical(request.body)]);
}

function canonical(body: unknown): string | undefined {
  return JSON.stringify(body, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
