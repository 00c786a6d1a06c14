import type { Caller } from '@bff/context';

/** How far the issuer's clock may be ahead of or behind ours. */
export const clockSkewSeconds = 30;

/** The last second that a Date can tell (ECMA-262, 21.4.1.1); a time beyond is a mistake, not a plan. */
const lastSecond = 8_640_000_000_000;

/** A caller, and until when the token that proved it holds. */
export interface VerifiedToken {
  readonly caller: Caller;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Reads what the gateway needs of claims whose signature, issuer, audience and times have been checked.
 * Throws Error when one is missing. The subject goes into headers, so it must be printable ASCII without spaces.
 */
export function readClaims(claims: Readonly<Record<string, unknown>>): VerifiedToken {
  const { sub, exp, iat, scope } = claims;
  if (typeof exp !== 'number' || exp > lastSecond) throw new Error('exp is missing or not a time');
  if (iat !== undefined && (typeof iat !== 'number' || iat > Date.now() / 1000 + clockSkewSeconds))
    throw new Error('iat is not a time, or in the future');
  if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(sub))
    throw new Error('sub is missing or not usable');
  if (scope !== undefined && typeof scope !== 'string') throw new Error('scope is not a string');
  const scopes = new Set(scope?.split(' ').filter((name) => name !== ''));
  return { caller: { id: sub, scopes }, expiresAt: exp };
}
