import type { ClientHeaders } from '../headers/response-headers.js';
import type { EntityTags } from './entity-tags.js';

/** They are about bytes that nobody gets; a date does not change with the rules. */
const notToService = new Set(['accept-encoding', 'if-modified-since', 'if-range', 'range']);

/** They are about bytes that nobody got. */
const ofOtherBytes: readonly string[] = [
  'accept-ranges',
  'content-digest',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-range',
  'digest',
  'repr-digest',
];

/** What a service is told of a request whose answer will be another one: it sends all of it, plain, and in
 * the form of `accept`; undefined: in whichever the caller takes. Name and value in turns. */
export function toServiceHeaders(headers: readonly string[], tags: EntityTags, accept?: string): string[] {
  const passed: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (accept !== undefined && name.toLowerCase() === 'accept') continue;
    const value = serviceValue(name.toLowerCase(), headers[index + 1] ?? '', tags);
    if (value !== undefined) passed.push(name, value);
  }
  passed.push('accept-encoding', 'identity');
  if (accept !== undefined) passed.push('accept', accept);
  return passed;
}

function serviceValue(lower: string, value: string, tags: EntityTags): string | undefined {
  if (notToService.has(lower)) return undefined;
  if (lower === 'if-none-match') return tags.toService(value);
  return lower === 'if-match' ? tags.toServiceOrSame(value) : value;
}

/** What a caller is told of an answer that has become another one; its length is for whoever writes it. */
export function toTransformedHeaders(headers: ClientHeaders, tags: EntityTags): ClientHeaders {
  const { etag, ...passed } = headers;
  for (const name of ofOtherBytes) delete passed[name];
  const tag = typeof etag === 'string' ? tags.toCaller(etag) : undefined;
  return tag === undefined ? passed : { ...passed, etag: tag };
}

/** What a service is told of a request whose body has become another one. Name and value in turns. */
export function toBodyHeaders(headers: readonly string[], contentType: string, bytes: number): string[] {
  const isReplaced = (lower: string): boolean => lower === 'content-type' || ofOtherBytes.includes(lower);
  const passed = headers.filter(
    (_, index) => !isReplaced((headers[index - (index % 2)] ?? '').toLowerCase()),
  );
  return [...passed, 'content-type', contentType, 'content-length', String(bytes)];
}
