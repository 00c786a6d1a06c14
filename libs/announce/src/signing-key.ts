import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';

/** PEM (PKCS #8), the base64 in it alone, as fits a variable of the environment, or JWK; of Ed25519 or P-256. */
export type PrivateKey = string | JWK;

export interface SigningKey {
  readonly key: KeyObject;
  readonly alg: 'EdDSA' | 'ES256';
}

/** Throws an Error that tells nothing of the key. */
export function readSigningKey(from: PrivateKey): SigningKey {
  const key = parse(from);
  if (key?.asymmetricKeyType === 'ed25519') return { key, alg: 'EdDSA' };
  if (key?.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1')
    return { key, alg: 'ES256' };
  throw new Error('privateKey: expected a private key of Ed25519 or P-256, as PEM (PKCS #8), base64 or JWK');
}

function parse(from: PrivateKey): KeyObject | undefined {
  try {
    if (typeof from !== 'string') return createPrivateKey({ key: from, format: 'jwk' });
    if (from.includes('-----')) return createPrivateKey(from);
    return createPrivateKey({ key: Buffer.from(from, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
