import type { Caller } from '@bff/context';

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
  const { sub, exp, scope } = claims;
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw new Error('exp is missing or not a number');
  if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(sub))
    throw new Error('sub is missing or not usable');
  if (scope !== undefined && typeof scope !== 'string') throw new Error('scope is not a string');
  const scopes = new Set(scope?.split(' ').filter((name) => name !== ''));
  return { caller: { id: sub, scopes }, expiresAt: exp };
}
