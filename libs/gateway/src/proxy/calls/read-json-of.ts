import type { Request } from 'express';
import { ProblemError } from '@bff/problem';
import { findInValue } from '../../pipeline/find-in-value.js';
import { isUtf8Media, jsonMedia } from '../../pipeline/media-type.js';
import { readJson } from '../../pipeline/read-json.js';
import { serverLimits } from '../../server/server-limits.js';
import { bodyOf } from '../proxied-body.js';

/**
 * The whole body of a request; undefined: it has none. Not above `maxBytes`, nor above what any JSON body may have.
 * Throws `unsupported_media_type`, which names what is `taken`, unless `isTaken`.
 */
export async function readBytesOf(
  request: Request,
  maxBytes: number,
  isTaken: boolean,
  taken: string,
): Promise<Buffer | undefined> {
  const pieces = bodyOf(request, { maxBodyBytes: Math.min(maxBytes, serverLimits.bodyBytes) });
  if (pieces === null) return undefined;
  const isCoded = (request.headers['content-encoding'] ?? 'identity') !== 'identity';
  if (!isTaken || isCoded)
    throw new ProblemError('unsupported_media_type', `Send the body as ${taken} in UTF-8, not compressed.`, {
      // RFC 9110, section 12.5.3: what would have been understood.
      headers: isCoded ? { 'Accept-Encoding': 'identity' } : {},
    });
  const chunks: Uint8Array[] = [];
  for await (const piece of pieces) chunks.push(piece);
  return Buffer.concat(chunks);
}

/**
 * The JSON body of a request that is to be called with; undefined: it has none. Within the limits of every JSON body,
 * and not above `maxBytes`. An integer that would be rounded is refused.
 */
export async function readJsonOf(request: Request, maxBytes: number): Promise<unknown> {
  const isJson = isUtf8Media(request.headers['content-type'], jsonMedia);
  const bytes = await readBytesOf(request, maxBytes, isJson, 'application/json');
  if (bytes === undefined) return undefined;
  const value = readJson(bytes, serverLimits);
  const path = findInValue(value, (one) => Number.isInteger(one) && !Number.isSafeInteger(one));
  if (path === undefined) return value;
  const errors = [
    { path: path.join('.'), message: 'is too large for a number to stay exact; send it as text' },
  ];
  throw new ProblemError('invalid_request', undefined, { errors });
}
