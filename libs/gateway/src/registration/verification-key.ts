import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';

/** What announcements of a service are checked with. */
export interface VerificationKey {
  /** Thumbprint (RFC 7638). */
  readonly id: string;
  readonly alg: 'EdDSA' | 'ES256';
  readonly jwk: JWK;
}

/**
 * PEM, the base64 in it alone, as fits a variable of the environment, or JWK. Throws an Error whose message tells how to
 * mend it, and nothing of the key.
 */
export function readVerificationKey(from: string | Readonly<Record<string, unknown>>): VerificationKey {
  if (isPrivate(from))
    throw new Error(
      'is a private key: it belongs to the service alone; replace the pair, and put the public key here',
    );
  const key = parse(from);
  if (key?.asymmetricKeyType === 'ed25519') return toKey(key, 'EdDSA', ['crv', 'kty', 'x']);
  if (key?.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1')
    return toKey(key, 'ES256', ['crv', 'kty', 'x', 'y']);
  throw new Error('expected a public key of Ed25519 or P-256, as PEM, base64 or JWK');
}

function isPrivate(from: string | Readonly<Record<string, unknown>>): boolean {
  if (typeof from !== 'string') return from['d'] !== undefined;
  if (from.includes('-----')) return from.includes('PRIVATE KEY');
  try {
    createPrivateKey({ key: Buffer.from(from, 'base64'), format: 'der', type: 'pkcs8' });
    return true;
  } catch {
    return false;
  }
}

function parse(from: string | Readonly<Record<string, unknown>>): KeyObject | undefined {
  try {
    if (typeof from !== 'string') return createPublicKey({ key: from, format: 'jwk' });
    if (from.includes('-----')) return createPublicKey(from);
    return createPublicKey({ key: Buffer.from(from, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function toKey(key: KeyObject, alg: VerificationKey['alg'], members: readonly string[]): VerificationKey {
  const jwk = key.export({ format: 'jwk' });
  const canonical = JSON.stringify(jwk, members.toSorted());
  return { id: createHash('sha256').update(canonical).digest('base64url'), alg, jwk };
}
