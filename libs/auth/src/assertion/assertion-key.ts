import { createECDH, createHash, createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';

/** The public half of a key, as a JWKS has it (RFC 7517). */
export interface AssertionJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

export interface AssertionKey {
  readonly key: KeyObject;
  readonly jwk: AssertionJwk;
}

const curve = 'prime256v1';
const bytesPerNumber = 32;

/** The same key for the same secret, in every replica and after every restart. Takes the first candidate that is one. */
export function deriveAssertionKey(secret: string): AssertionKey {
  for (let counter = 0; ; counter += 1) {
    const info = `bff identity assertion ES256 ${counter}`;
    const key = toAssertionKey(Buffer.from(hkdfSync('sha256', secret, '', info, bytesPerNumber)));
    if (key !== undefined) return key;
  }
}

/** Undefined where the number is no private key of the curve: one in 2^32 is not. */
export function toAssertionKey(privateKey: Buffer): AssertionKey | undefined {
  const ecdh = createECDH(curve);
  try {
    ecdh.setPrivateKey(privateKey);
  } catch {
    return undefined;
  }
  // Uncompressed: 0x04, then x and y.
  const point = ecdh.getPublicKey();
  const x = point.toString('base64url', 1, 1 + bytesPerNumber);
  const y = point.toString('base64url', 1 + bytesPerNumber);
  const d = privateKey.toString('base64url');
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' });
  return { key, jwk: { kty: 'EC', crv: 'P-256', x, y, kid: thumbprint(x, y), alg: 'ES256', use: 'sig' } };
}

/** RFC 7638: of the members that the key cannot be without, in this order. */
function thumbprint(x: string, y: string): string {
  const members = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y });
  return createHash('sha256').update(members).digest('base64url');
}
