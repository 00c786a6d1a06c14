import type { Request } from 'express';

/**
 * Whether `htu` is the address of this request as its sender sees it, query and fragment left aside (RFC 9449, section
 * 4.3). Behind proxies that are trusted, the address is the one that they were asked for.
 */
export function isSameTarget(htu: string, request: Request): boolean {
  const named = toTarget(htu);
  const path = request.originalUrl;
  // An absolute request target would become a part of the path of another address.
  if (!path.startsWith('/')) return false;
  return named !== undefined && named === toTarget(`${request.protocol}://${request.host}${path}`);
}

/** Normalised as RFC 3986, sections 6.2.2 and 6.2.3 say. Undefined: not an address of this kind. */
function toTarget(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return undefined;
  return url.origin + url.pathname.replace(/%[\da-f]{2}/gi, normalizeEscape);
}

/** An unreserved character needs no escape; any other one is written in capitals. */
function normalizeEscape(escape: string): string {
  const character = String.fromCharCode(parseInt(escape.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
}
