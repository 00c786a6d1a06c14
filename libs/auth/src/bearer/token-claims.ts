import type { Caller, CallerAuthentication } from '@bff/context';

/** How far the issuer's clock may be ahead of or behind ours. */
export const clockSkewSeconds = 30;

/** The last second that a Date can tell (ECMA-262, 21.4.1.1); a time beyond is a mistake, not a plan. */
const lastSecond = 8_640_000_000_000;

/** A caller, and until when the token that proved it holds. */
export interface VerifiedToken {
  readonly caller: Caller;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** The thumbprint of the key that it is bound to; undefined: whoever has the token may use it. */
  readonly jkt: string | undefined;
}

/**
 * Reads what the gateway needs of claims whose signature, issuer, audience and times have been checked.
 * Throws Error when one is missing.
 */
export function readClaims(claims: Readonly<Record<string, unknown>>): VerifiedToken {
  const { sub, exp, iat, scope, cnf } = claims;
  if (typeof exp !== 'number' || exp > lastSecond) throw new Error('exp is missing or not a time');
  if (iat !== undefined && (typeof iat !== 'number' || iat > Date.now() / 1000 + clockSkewSeconds))
    throw new Error('iat is not a time, or in the future');
  if (!isSubject(sub)) throw new Error('sub is missing or not usable');
  if (scope !== undefined && typeof scope !== 'string') throw new Error('scope is not a string');
  const scopes = new Set(scope?.split(' ').filter((name) => name !== ''));
  const caller: Caller = { id: sub, scopes, ...readAuthentication(claims) };
  return { caller, expiresAt: exp, jkt: readThumbprint(cnf) };
}

/** It goes into headers, so it is printable ASCII without spaces; and it may not look like the name of an API key. */
export function isSubject(sub: unknown): sub is string {
  return typeof sub === 'string' && /^(?!api-key:)[\x21-\x7e]{1,255}$/.test(sub);
}

/** RFC 9068, section 2.2.1. A time that is none is as if it were not told: what needs it is then refused. */
function readAuthentication({ auth_time: atSeconds, acr }: Readonly<Record<string, unknown>>): {
  authentication?: CallerAuthentication;
} {
  if (typeof atSeconds !== 'number' || !(atSeconds <= Date.now() / 1_000 + clockSkewSeconds)) return {};
  return { authentication: { atMs: atSeconds * 1_000, acr: typeof acr === 'string' ? acr : undefined } };
}

/** RFC 9449, section 6.1. A token bound in another way (RFC 8705) is as good as stolen: nobody here could tell. */
function readThumbprint(cnf: unknown): string | undefined {
  if (cnf === undefined) return undefined;
  if (typeof cnf !== 'object' || cnf === null || Object.keys(cnf).join() !== 'jkt')
    throw new Error('cnf binds it to something that cannot be checked');
  const { jkt } = cnf as { readonly jkt?: unknown };
  if (typeof jkt !== 'string' || !/^[\w-]{43}$/.test(jkt)) throw new Error('cnf.jkt is not a thumbprint');
  return jkt;
}
