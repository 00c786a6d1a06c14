import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

const keptKeys = 3;

/** The signing keys: one in use and the three before it, which still verify what they signed. */
export class KeyRing {
  #keys: JWK[] = [];

  /** Puts a new RSA key in front; returns its id, the thumbprint of RFC 7638. */
  async rotate(): Promise<string> {
    const key = await createSigningKey();
    this.#keys = [key, ...this.#keys].slice(0, 1 + keptKeys);
    return key.kid;
  }

  /** Private keys, newest first: the order decides which one signs. */
  jwks(): { keys: JWK[] } {
    return { keys: this.#keys };
  }
}

/** The public half of an RSA key. */
export function toPublicKey({ n = '', e = '', kid = '' }: Pick<JWK, 'n' | 'e' | 'kid'>): JWK {
  return { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' };
}

async function createSigningKey(): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'RS256' };
}
