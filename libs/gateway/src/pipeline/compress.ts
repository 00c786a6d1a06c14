import type { NextFunction, Request, Response } from 'express';
import { chooseCoding } from './choose-coding.js';
import { encode } from './encode.js';

/** What is smaller fits beside its headers into one packet, and most of it would be the coding's own. */
const minBytes = 400;
const compressible =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*(?:json|xml|javascript)|wasm)|image\/svg\+xml)/;

/**
 * Compresses answers that are sent in one piece, as their callers take it and their size is worth it. What is written
 * piece by piece is a stream, and goes out as it comes.
 */
export function compressAnswers(request: Request, response: Response, next: NextFunction): void {
  response.vary('Accept-Encoding');
  const accepted = request.headers['accept-encoding'];
  if (accepted !== undefined && request.method !== 'HEAD') compressAtEnd(response, accepted);
  next();
}

function compressAtEnd(response: Response, accepted: string): void {
  const { end } = response;
  response.end = (...all: unknown[]): Response => {
    response.end = end;
    const body = toBuffer(all[0], all[1]);
    const coding = body && mayBeCoded(response) ? chooseCoding(accepted, body.length) : undefined;
    if (body === undefined || coding === undefined) return Reflect.apply(end, response, all) as Response;
    const send = (coded: Buffer): void => {
      const isWorthIt = coded.length < body.length;
      if (isWorthIt) response.setHeader('Content-Encoding', coding);
      const sent = isWorthIt ? coded : body;
      response.setHeader('Content-Length', sent.length);
      const done = all.find((argument) => typeof argument === 'function');
      Reflect.apply(end, response, [sent, ...(done === undefined ? [] : [done])]);
    };
    const coded = encode(coding, body);
    if (Buffer.isBuffer(coded)) send(coded);
    else void coded.catch(() => body).then(send);
    return response;
  };
}

function toBuffer(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (typeof chunk === 'string')
    return chunk.length < minBytes
      ? undefined
      : Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  return chunk instanceof Uint8Array && chunk.length >= minBytes ? Buffer.from(chunk) : undefined;
}

/** A strong tag is that of these very bytes (RFC 9110, section 8.8.1), and a part of them is no part of others. */
function mayBeCoded(response: Response): boolean {
  const header = (name: string): string => String(response.getHeader(name) ?? '');
  return (
    !response.headersSent &&
    response.statusCode !== 206 &&
    header('Content-Encoding') === '' &&
    compressible.test(header('Content-Type').toLowerCase()) &&
    !/\bno-transform\b/i.test(header('Cache-Control')) &&
    !header('ETag').startsWith('"')
  );
}
