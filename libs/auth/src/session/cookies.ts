/** RFC 6265bis, section 4.1.3.2: sent by browsers only if it was set by this host, over TLS, for all of its paths. */
const prefix = '__Host-';
/** Browsers drop what is longer (RFC 6265bis, section 5.6): name, value and attributes together. */
const maxBytes = 4_096;

interface CookieAttributes {
  readonly sameSite: 'Strict' | 'Lax';
  /** Undefined: until the browser is closed. */
  readonly maxAgeSeconds?: number;
}

/** A `Set-Cookie` line that no script can read. Throws Error when a browser would drop it for its size. */
export function writeCookie(
  name: string,
  value: string,
  { sameSite, maxAgeSeconds }: CookieAttributes,
): string {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  const line = `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${sameSite}${age}`;
  if (line.length > maxBytes) throw new Error(`the cookie ${name} is larger than browsers take`);
  return line;
}

/** A `Set-Cookie` line that makes a browser forget it. */
export function clearCookie(name: string): string {
  return writeCookie(name, '', { sameSite: 'Strict', maxAgeSeconds: 0 });
}

export function cookieName(gateway: string, purpose: string): string {
  return `${prefix}${gateway}-${purpose}`;
}

/**
 * The value of one cookie. Undefined where there is none, and where there are two: one of them was tossed in by
 * somebody else, and nobody can tell which.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = readCookies(header).filter(([known]) => known === name);
  return values.length === 1 ? values[0]?.[1] : undefined;
}

/** Pairs of name and value, as they came (RFC 6265, section 4.2.1). */
export function readCookies(header: string | undefined): readonly (readonly [name: string, value: string])[] {
  if (header === undefined) return [];
  return header.split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
  });
}
