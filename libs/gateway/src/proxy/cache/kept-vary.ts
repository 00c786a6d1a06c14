import type { AnswerHead } from './to-keeping.js';

/** What callers may negotiate by: always a part of the question. */
export const negotiated: readonly string[] = ['accept', 'accept-encoding', 'accept-language', 'origin'];

/** These never go on to a service; who is calling is a part of the key already. */
const credentials = ['authorization', 'cookie'];

/**
 * `Vary` of an answer that is kept. Undefined where it names a header that is no part of the question: then nobody
 * knows for whom else this answer is.
 */
export function keptVary({ headers }: AnswerHead, more: readonly string[]): string | undefined {
  const names = (headers['vary'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const known = [...negotiated, ...credentials, ...more];
  if (!names.every((name) => known.includes(name))) return undefined;
  // Some services compress by what was accepted, and do not say so.
  if (headers['content-encoding'] !== undefined) names.push('accept-encoding');
  return [...new Set(names)].join(', ');
}
