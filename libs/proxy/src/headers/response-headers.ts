import type { HeaderRules, ProxyRoute } from '../route.js';
import { connectionNames } from './connection-names.js';
import { toDeprecationHeaders } from './deprecation-headers.js';
import { isFieldValue } from './field-value.js';
import { hopByHop, notFromUpstreams, ofCors, ofTheBody } from './header-names.js';
import { isOwnCookie, ownCookiePrefix } from './own-cookies.js';

/** Several lines of one name are an array; those of `set-cookie` always. Names are in lower case. */
export type ClientHeaders = Record<string, string | string[]>;

type ResponseRules = Pick<ProxyRoute, 'responseHeaders' | 'cookies' | 'cors' | 'deprecation'>;

/** What the caller of one route gets of an upstream's headers. */
export class ResponseHeaders {
  private readonly dropped: ReadonlySet<string>;
  private readonly allowed: ReadonlySet<string> | undefined;
  private readonly added: readonly (readonly [name: string, value: string])[];
  private readonly ownCookies: string;

  constructor({ responseHeaders, cookies, cors, deprecation = {} }: ResponseRules, gateway: string) {
    const { allow, deny, set }: HeaderRules = responseHeaders;
    const { link, ...dates } = toDeprecationHeaders(deprecation);
    const own = Object.entries({ ...lowerCased(set), ...dates });
    const noCookies = cookies === 'pass' ? [] : ['set-cookie'];
    const replaced = [...deny.map((name) => name.toLowerCase()), ...own.map(([name]) => name)];
    const noCors = cors === 'gateway' ? ofCors : [];
    this.dropped = new Set([
      ...hopByHop,
      ...notFromUpstreams,
      ...replaced,
      ...noCookies,
      ...noCors,
      'set-cookie2',
    ]);
    this.allowed = allow && new Set([...allow.map((name) => name.toLowerCase()), ...ofTheBody, 'set-cookie']);
    this.added = link === undefined ? own : [...own, ['link', link]];
    this.ownCookies = ownCookiePrefix(gateway);
  }

  /** Takes name and value in turns. A value with a control character is left out, CR and LF among them. */
  toClient(rawHeaders: readonly string[]): ClientHeaders {
    const ofConnection = connectionNames(rawHeaders);
    const headers = Object.create(null) as ClientHeaders;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const lower = (rawHeaders[index] ?? '').toLowerCase();
      const value = rawHeaders[index + 1] ?? '';
      if (this.dropped.has(lower) || ofConnection.has(lower) || this.allowed?.has(lower) === false) continue;
      if (lower === 'set-cookie' && isOwnCookie(value, this.ownCookies)) continue;
      if (isFieldValue(value)) add(headers, lower, value);
    }
    for (const [name, value] of this.added) add(headers, name, value);
    return headers;
  }
}

function add(headers: ClientHeaders, name: string, value: string): void {
  const before = headers[name];
  if (before === undefined) headers[name] = name === 'set-cookie' ? [value] : value;
  else if (typeof before === 'string') headers[name] = [before, value];
  else before.push(value);
}

function lowerCased(set: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(set).map(([name, value]) => [name.toLowerCase(), value]));
}
