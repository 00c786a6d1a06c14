import { type JWTPayload, jwtVerify } from 'jose';
import type { IssuerKeys } from '../bearer/issuer-keys.js';
import { clockSkewSeconds } from '../bearer/token-claims.js';
import { acceptedAlgorithms } from '../bearer/token-header.js';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const maxLength = 8 * 1024;

/** The key that has signed it cannot be had: whether it holds nobody knows. */
export class KeysUnavailableError extends Error {
  constructor() {
    super("the issuer's keys cannot be had");
    this.name = 'KeysUnavailableError';
  }
}

/** Whose sessions are to end; at least one of the two is there. */
export interface LogoutToken {
  readonly jti: string;
  readonly expiresAtMs: number;
  readonly subject?: string;
  readonly providerSession?: string;
}

interface Expected {
  readonly issuer: string;
  readonly clientId: string;
}

/**
 * Reads a logout token that holds in every respect (OpenID Connect Back-Channel Logout 1.0, section 2.6), but for
 * whether it was used before. Rejects with KeysUnavailableError, or with Error that says why not, for the log.
 */
export async function readLogoutToken(
  token: string,
  keys: Pick<IssuerKeys, 'find' | 'isAway'>,
  { issuer, clientId }: Expected,
): Promise<LogoutToken> {
  if (token.length > maxLength) throw new Error('too long');
  const { payload, protectedHeader } = await jwtVerify(
    token,
    async ({ kid, alg }) => {
      const found = await keys.find(kid);
      if (found === undefined)
        throw keys.isAway ? new KeysUnavailableError() : new Error('the issuer has no such key');
      if (found.alg !== undefined && found.alg !== alg) throw new Error(`the key is for ${found.alg}`);
      return found.key;
    },
    {
      algorithms: [...acceptedAlgorithms],
      issuer,
      audience: clientId,
      clockTolerance: clockSkewSeconds,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
    },
  );
  // Other tokens of the same issuer must not pass for one (RFC 8725, section 3.11).
  if (!/^(JWT|logout\+jwt)$/i.test(protectedHeader.typ ?? 'JWT')) throw new Error('of another type');
  return toLogoutToken(payload);
}

function toLogoutToken({ iat = 0, exp = 0, jti, events, nonce, sub, sid }: JWTPayload): LogoutToken {
  if (nonce !== undefined) throw new Error('has a nonce, as ID tokens have');
  if (iat > Date.now() / 1_000 + clockSkewSeconds) throw new Error('issued in the future');
  if (typeof jti !== 'string' || jti === '') throw new Error('jti is no text');
  const event: unknown = isObject(events) ? events[logoutEvent] : undefined;
  if (!isObject(event)) throw new Error('not about a logout');
  if (sub !== undefined && typeof sub !== 'string') throw new Error('sub is no text');
  if (sid !== undefined && typeof sid !== 'string') throw new Error('sid is no text');
  if (sub === undefined && sid === undefined) throw new Error('names nobody');
  return {
    jti,
    expiresAtMs: exp * 1_000,
    ...(sub === undefined ? {} : { subject: sub }),
    ...(sid === undefined ? {} : { providerSession: sid }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
