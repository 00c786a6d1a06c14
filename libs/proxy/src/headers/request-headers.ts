import type { HeaderRules, ProxyRoute } from '../route.js';
import { connectionNames } from './connection-names.js';
import { isFieldValue } from './field-value.js';
import { type Forwarding, toForwardingHeaders } from './forwarding.js';
import { hopByHop, notFromCallers, ofTheBody, prefixesNotFromCallers } from './header-names.js';
import { ownCookiePrefix, withoutOwnCookies } from './own-cookies.js';

/** What the upstream of one route gets of a request's headers. */
export class RequestHeaders {
  private readonly dropped: ReadonlySet<string>;
  private readonly allowed: ReadonlySet<string> | undefined;
  private readonly set: readonly string[];
  private readonly ownCookies: string;

  constructor(route: Pick<ProxyRoute, 'requestHeaders' | 'cookies'>, gateway: string) {
    const { allow, deny, set }: HeaderRules = route.requestHeaders;
    const replaced = [...deny, ...Object.keys(set)].map((name) => name.toLowerCase());
    const cookie = route.cookies === 'pass' ? [] : ['cookie'];
    this.dropped = new Set([...hopByHop, ...notFromCallers, ...replaced, ...cookie]);
    this.allowed = allow && new Set([...allow.map((name) => name.toLowerCase()), ...ofTheBody, 'cookie']);
    this.set = Object.entries(set).flat();
    this.ownCookies = ownCookiePrefix(gateway);
  }

  /** Both as name and value in turns, the caller's first. */
  toUpstream(rawHeaders: readonly string[], forwarding: Forwarding): string[] {
    const ofConnection = connectionNames(rawHeaders);
    const headers: string[] = [];
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] ?? '';
      const lower = name.toLowerCase();
      if (!this.passes(lower) || ofConnection.has(lower)) continue;
      const raw = rawHeaders[index + 1] ?? '';
      const value = lower === 'cookie' ? withoutOwnCookies(raw, this.ownCookies) : raw;
      if (isFieldValue(value) && (value !== '' || raw === '')) headers.push(name, value);
    }
    headers.push(...toForwardingHeaders(forwarding), ...this.set);
    return headers;
  }

  /** Some services read `x_user_id` as `x-user-id`: no name with `_` passes. */
  private passes(lower: string): boolean {
    if (this.dropped.has(lower) || lower.includes('_')) return false;
    if (lower.startsWith('x-') && prefixesNotFromCallers.some((prefix) => lower.startsWith(prefix)))
      return false;
    return this.allowed === undefined || this.allowed.has(lower);
  }
}
