import type { HttpAnswer } from '../http/http-answer.js';

type Headers = Readonly<Record<string, string>>;

/** Without one of these an answer can be neither fresh nor validated. */
export function maySayCacheable({ headers, keep }: HttpAnswer): boolean {
  return (
    keep !== undefined ||
    headers['cache-control'] !== undefined ||
    headers['expires'] !== undefined ||
    headers['etag'] !== undefined ||
    headers['last-modified'] !== undefined
  );
}

export function setsCookie({ headers }: HttpAnswer): boolean {
  return headers['set-cookie'] !== undefined || headers['set-cookie2'] !== undefined;
}

/** Headers of which the first value counts when there are several (RFC 9111, sections 4.2.1 and 5.1). */
const single = new Set(['age', 'date', 'etag', 'expires', 'last-modified']);
const cookies = new Set(['set-cookie', 'set-cookie2']);

/** One value a name, no cookies, and no `age` that is none. */
export function toStorableHeaders(headers: HttpAnswer['headers']): Headers {
  const storable: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || cookies.has(name)) continue;
    const text = typeof value === 'string' ? value : single.has(name) ? (value[0] ?? '') : value.join(', ');
    if (name !== 'age') storable[name] = text;
    else if (/^\d+\s*(,|$)/.test(text)) storable[name] = String(Number.parseInt(text, 10));
  }
  return storable;
}

/** What describes the body that a 304 does not carry, and so stays as it was stored. */
const ofBody = new Set([
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'transfer-encoding',
]);

/**
 * What is stored, brought up to date by a 304 (RFC 9111, section 3.2). Date and age are those of the 304 alone: the
 * age that the first answer came with ended with this one.
 */
export function mergeHeaders(stored: Headers, update: HttpAnswer['headers']): Headers {
  const { age: _age, date: _date, ...kept } = stored;
  const merged: Record<string, string> = kept;
  for (const [name, value] of Object.entries(toStorableHeaders(update))) {
    if (!ofBody.has(name)) merged[name] = value;
  }
  return merged;
}
