import type { Request } from 'express';
import { ProblemError } from '@bff/problem';

/**
 * The body of a request as it comes, read once at most; null: it has none. Throws `payload_too_large` at once where the
 * size is told, else when there is too much of it. The connection outlives it: there is an answer to be sent.
 */
export function bodyOf(request: Request, maxBytes: number): AsyncIterable<Uint8Array> | null {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return null;
  if (Number(length ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return limited(request, maxBytes);
}

async function* limited(request: Request, maxBytes: number): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError('payload_too_large', `This takes ${maxBytes} bytes at most.`);
}
