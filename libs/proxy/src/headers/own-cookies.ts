/** What the names of a gateway's own cookies begin with, in lower case: some browsers do not mind the case. */
export function ownCookiePrefix(gateway: string): string {
  return `__host-${gateway}-`.toLowerCase();
}

/** A `Cookie` header without the gateway's own. Empty: there were no others. */
export function withoutOwnCookies(header: string, prefix: string): string {
  if (!header.toLowerCase().includes(prefix)) return header;
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !isOwnCookie(pair, prefix))
    .join('; ');
}

/**
 * Whether a cookie, or a `Set-Cookie` line, is about one of the gateway's own. A cookie without a name comes back as
 * its bare value (RFC 6265bis, section 5.8.3), so `=name=value` is one too.
 */
export function isOwnCookie(text: string, prefix: string): boolean {
  let start = 0;
  while (' \t='.includes(text.charAt(start)) && start < text.length) start += 1;
  return text.slice(start, start + prefix.length).toLowerCase() === prefix;
}
