import { UpstreamError } from '@bff/problem';
import type { z } from 'zod';
import { AttemptError } from '../engine/attempt.error.js';
import { parseExactly, wantsExactIntegers } from './exact-integers.js';
import type { HttpAnswer } from './http-answer.js';

/** Throws `bad_response` unless the answer is of this kind, and plain: nobody asked for it to be compressed. */
export function checkMedia(upstream: string, { headers, body }: HttpAnswer, media: RegExp): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new AttemptError(upstream, 'bad_response', `content encoding ${String(encoding)}`);
  const type = String(headers['content-type']);
  if (body.length > 0 && !media.test(type))
    throw new AttemptError(upstream, 'bad_response', `content type ${type}`);
}

export const acceptJson: Readonly<Record<string, string>> = { accept: 'application/json' };
export const jsonMedia = /^application\/([\w.-]+\+)?json\b/i;

/**
 * Undefined for an empty body. Integers beyond 2^53 are bigints where `schema` has a place for them. Throws
 * `bad_response` for what is no JSON.
 */
export function readJsonBody(upstream: string, { body }: HttpAnswer, schema: z.ZodType): unknown {
  if (body.length === 0) return undefined;
  const text = body.toString('utf8');
  try {
    return wantsExactIntegers(schema) ? parseExactly(text) : JSON.parse(text);
  } catch (cause) {
    throw new UpstreamError(upstream, 'bad_response', 'invalid JSON', { cause });
  }
}
