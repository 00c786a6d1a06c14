import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { JWK, JWTPayload } from 'jose';

interface SigningKey {
  readonly privateKey: KeyObject;
  readonly jwk: JWK;
}

/** The keys that a provider signs with, and what its JWKS says of them. */
export class ProviderKeys {
  private signing: SigningKey = createKey();
  /** As they stand in the JWKS, readable or not. */
  published: readonly JWK[] = [this.current];

  /** The public key in use, as its JWK. */
  get current(): JWK {
    return this.signing.jwk;
  }

  /** Signs with a new key from now on; only that one is published. */
  rotate(): void {
    this.signing = createKey();
    this.published = [this.current];
  }

  /** With RS256, whatever its header says: that is put over `alg`, `typ` and `kid`, and undefined leaves one out. */
  sign(claims: JWTPayload, header: Readonly<Record<string, unknown>> = {}): string {
    const head = { alg: 'RS256', typ: 'JWT', kid: this.current.kid, ...header };
    const signed = [head, claims].map((part) => encode(JSON.stringify(part))).join('.');
    return `${signed}.${encode(sign('sha256', Buffer.from(signed), this.signing.privateKey))}`;
  }
}

function createKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  return { privateKey, jwk: { ...jwk, kid: crypto.randomUUID(), use: 'sig', alg: 'RS256' } };
}

function encode(content: string | Buffer): string {
  return Buffer.from(content as string).toString('base64url');
}
