import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';

/** RFC 7518, section 3.3: shorter RSA keys must not be used. */
const minRsaBits = 2048;

type Jwk = JsonWebKeyInput['key'] & {
  readonly kty?: string;
  readonly kid?: string;
  readonly use?: string;
  readonly alg?: string;
};

export interface IssuerKey {
  readonly key: KeyObject;
  /** The one algorithm it is for, where the issuer says so. */
  readonly alg: string | undefined;
}

export type KeysById = ReadonlyMap<string | undefined, IssuerKey>;

/**
 * The usable keys of a JWKS (RFC 7517). A key that cannot be read, is too short or is for something else costs only
 * itself. Throws Error when there is no list of keys.
 */
export function readJwks(jwks: unknown): KeysById {
  const { keys } = jwks as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('the JWKS has no keys');
  const readable = new Map<string | undefined, IssuerKey>();
  for (const jwk of keys as Jwk[]) {
    const key = readKey(jwk);
    if (key !== undefined) readable.set(jwk.kid, key);
  }
  // A token without a key id can only mean the one key there is.
  const [only] = readable.values();
  if (readable.size === 1 && only !== undefined) readable.set(undefined, only);
  else readable.delete(undefined);
  return readable;
}

function readKey(jwk: Jwk): IssuerKey | undefined {
  try {
    if (jwk.use === 'enc' || (jwk.kty !== 'RSA' && jwk.kty !== 'EC')) return undefined;
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits !== undefined && bits < minRsaBits ? undefined : { key, alg: jwk.alg };
  } catch {
    return undefined;
  }
}
