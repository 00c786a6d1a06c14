import type { Request } from 'express';
import { ProblemError } from '@bff/problem';
import { findInValue } from '../../pipeline/find-in-value.js';
import { isUtf8Media, jsonMedia } from '../../pipeline/media-type.js';
import { readJson } from '../../pipeline/read-json.js';
import { serverLimits } from '../../server/server-limits.js';
import { bodyOf } from '../proxied-body.js';

/**
 * The JSON body of a request that is to be called with; undefined: it has none. Within the limits of every JSON body,
 * and not above `maxBytes`. An integer that would be rounded is refused.
 */
export async function readJsonOf(request: Request, maxBytes: number): Promise<unknown> {
  const pieces = bodyOf(request, { maxBodyBytes: Math.min(maxBytes, serverLimits.bodyBytes) });
  if (pieces === null) return undefined;
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (!isUtf8Media(request.headers['content-type'], jsonMedia) || encoding !== 'identity')
    throw new ProblemError(
      'unsupported_media_type',
      'Send the body as application/json in UTF-8, not compressed.',
    );
  const chunks: Uint8Array[] = [];
  for await (const piece of pieces) chunks.push(piece);
  const value = readJson(Buffer.concat(chunks), serverLimits);
  const path = findInValue(value, (one) => Number.isInteger(one) && !Number.isSafeInteger(one));
  if (path === undefined) return value;
  const errors = [
    { path: path.join('.'), message: 'is too large for a number to stay exact; send it as text' },
  ];
  throw new ProblemError('invalid_request', undefined, { errors });
}
