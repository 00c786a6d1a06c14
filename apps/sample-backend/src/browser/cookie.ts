/** A cookie as RFC 6265bis has it, as far as a sign-in needs it: SameSite is not looked at. */
export interface Cookie {
  name: string;
  value: string;
  path: string;
  /** Of the host that set it, or with `Domain` of all hosts below that. */
  domain: string;
  /** Whether it is for the very host that set it. */
  hostOnly: boolean;
  secure: boolean;
  /** Infinite for one that lasts as long as the browser; past for one that is to be deleted. */
  expiresAtMs: number;
  /** The origin that set it, which a browser forgets: hosts share cookies among their ports. */
  setBy: string;
}

const longestBytes = 4_096;

/** Undefined for a line that a browser would drop (RFC 6265bis, section 5.7). */
export function readCookie(line: string, url: URL): Cookie | undefined {
  const [pair = '', ...parts] = line.split(';').map((part) => part.trim());
  const attributes = new Map(parts.map(readAttribute));
  const equals = pair.indexOf('=');
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() ?? '';
  const path = attributes.get('path') ?? '';
  const cookie: Cookie = {
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
    path: path.startsWith('/') ? path : defaultPath(url),
    domain: domain || url.hostname,
    hostOnly: domain === '',
    secure: attributes.has('secure'),
    expiresAtMs: expiry(attributes),
    setBy: url.origin,
  };
  const kept =
    equals > 0 && pair.length <= longestBytes && mayBeSet(cookie, url) && keepsItsPrefix(cookie, path);
  return kept ? cookie : undefined;
}

/** Whether a request to `url` carries it. */
export function isSentTo(url: URL, { path, secure, expiresAtMs, ...cookie }: Cookie): boolean {
  const under = path.endsWith('/') ? path : `${path}/`;
  return (
    isOfHost(url.hostname, cookie) &&
    (url.pathname === path || url.pathname.startsWith(under)) &&
    (!secure || isTrustworthy(url)) &&
    expiresAtMs > Date.now()
  );
}

function readAttribute(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim().toLowerCase(), value.join('=').trim()];
}

/** The folder of the address. */
function defaultPath({ pathname }: URL): string {
  return pathname.slice(0, Math.max(1, pathname.lastIndexOf('/')));
}

/** Max-Age goes before Expires. */
function expiry(attributes: ReadonlyMap<string, string>): number {
  const maxAge = attributes.get('max-age') ?? '';
  if (/^-?\d+$/.test(maxAge)) return Date.now() + Number(maxAge) * 1_000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? Infinity : expires;
}

function mayBeSet(cookie: Cookie, url: URL): boolean {
  return isOfHost(url.hostname, cookie) && (!cookie.secure || isTrustworthy(url));
}

/** Section 4.1.3: what begins with `__Host-` is of this host alone, whatever its siblings try. */
function keepsItsPrefix({ name, secure, hostOnly }: Cookie, path: string): boolean {
  const prefix = /^__(host|secure)-/i.exec(name)?.[1]?.toLowerCase();
  if (prefix === undefined) return true;
  return secure && (prefix === 'secure' || (hostOnly && path === '/'));
}

function isOfHost(hostname: string, { domain, hostOnly }: Pick<Cookie, 'domain' | 'hostOnly'>): boolean {
  return hostname === domain || (!hostOnly && hostname.endsWith(`.${domain}`));
}

/** As browsers have it, where this machine counts as secure (Secure Contexts, section 3.1). */
function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
