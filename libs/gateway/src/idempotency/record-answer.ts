import type { Response } from 'express';
import { hasFailedLate } from '@bff/views';
import { type KeptAnswer, keptHeaders } from './kept-answer.js';

/** More than any screen of ours; what is larger is answered, and not kept. */
const maxBytes = 256 * 1_024;

/** Of the answers that are no success, those by which a service has said what it makes of the call. */
const finalFailures = new Set([404, 409, 410, 422]);

/**
 * Hands what is answered to `settle` before its end is sent, and undefined where it is no answer to be given again:
 * a failure that may be another one next time, more than may be kept, or nothing, because the caller has gone.
 * `settle` is called once and must not reject.
 */
export function recordAnswer(
  response: Response,
  settle: (answer: KeptAnswer | undefined) => Promise<void>,
): void {
  const { write, end, destroy } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const gather = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    bytes += chunk.length;
    if (bytes > maxBytes) chunks.length = 0;
    else if (typeof chunk === 'string') chunks.push(Buffer.from(chunk, encodingOf(encoding)));
    else chunks.push(Buffer.from(chunk));
  };
  const restore = (): void => void Object.assign(response, { write, end, destroy });
  response.write = (...all: unknown[]): boolean => {
    gather(all[0], all[1]);
    return Reflect.apply(write, response, all);
  };
  response.end = (...all: unknown[]): Response => {
    restore();
    gather(all[0], all[1]);
    const answer = bytes <= maxBytes && isFinal(response) ? toKept(response, chunks) : undefined;
    void settle(answer).then(() => void Reflect.apply(end, response, all));
    return response;
  };
  response.destroy = (error) => {
    restore();
    void settle(undefined);
    return destroy.call(response, error);
  };
}

function encodingOf(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8';
}

function isFinal(response: Response): boolean {
  const { statusCode } = response;
  return statusCode < 400 ? !hasFailedLate(response) : finalFailures.has(statusCode);
}

function toKept(response: Response, chunks: readonly Buffer[]): KeptAnswer {
  const headers = keptHeaders.flatMap((name) => {
    const value = response.getHeader(name);
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  return {
    status: response.statusCode,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('base64'),
  };
}
