import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Issuer } from '@bff/testing';
import type { JWK } from 'jose';

/** A key pair, and the form in which its public half may be published. */
export interface ForgeKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK & { readonly kid: string };
}

/** `shape`: the bits of an RSA key or the curve of an EC key. `more` goes into the JWK. */
export function createKey(kid: string, shape: number | 'P-256' | 'P-384', more: object = {}): ForgeKey {
  const { publicKey, privateKey } =
    typeof shape === 'number'
      ? generateKeyPairSync('rsa', { modulusLength: shape })
      : generateKeyPairSync('ec', { namedCurve: shape });
  return {
    publicKey,
    privateKey,
    jwk: { ...(publicKey.export({ format: 'jwk' }) as JWK), kid, ...more },
  };
}

interface ForgeOptions {
  /** Put over `alg`, `typ` and `kid`; undefined leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Put over the claims of a good access token; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** In place of the header, as it is. */
  readonly rawHeader?: string | Buffer;
  /** In place of the claims, as it is. */
  readonly payload?: string;
  readonly key?: ForgeKey;
  /** In place of a true one: made of what would have been signed. */
  readonly signature?: (signed: string) => Buffer | string;
}

/** Makes tokens of any shape, signed or seemingly signed with a key that the issuer has published. */
export class TokenForge {
  readonly key = createKey('forge', 2048, { alg: 'RS256', use: 'sig' });

  constructor(private readonly issuer: Issuer) {
    issuer.publish(this.key.jwk);
  }

  /** Publishes another key. To be called before the gateway fetches the keys. */
  publish(...shape: Parameters<typeof createKey>): ForgeKey {
    const key = createKey(...shape);
    this.issuer.publish(key.jwk);
    return key;
  }

  token({ header, rawHeader, claims, payload, key = this.key, signature }: ForgeOptions = {}): string {
    const head = JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid, ...header });
    const signed = `${encode(rawHeader ?? head)}.${encode(payload ?? JSON.stringify({ ...this.claims(), ...claims }))}`;
    return `${signed}.${encode(signature === undefined ? signWith(key, head, signed) : signature(signed))}`;
  }

  private claims(): Record<string, unknown> {
    const now = nowSeconds();
    const scope = 'openid profile:read orders:read orders:write catalog:read';
    const { url: iss, audience: aud } = this.issuer;
    return {
      iss,
      aud,
      sub: '7',
      scope,
      client_id: 'forge',
      jti: crypto.randomUUID(),
      iat: now,
      exp: now + 600,
    };
  }
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export function encode(content: string | Buffer): string {
  return Buffer.from(content as string).toString('base64url');
}

/** As the header's `alg` asks; RS256 where it asks for something that is not a signature with this key. */
function signWith({ privateKey }: ForgeKey, header: string, signed: string): Buffer {
  const [, family, bits = '256'] = /"alg":"(RS|PS|ES)(\d+)"/.exec(header) ?? [];
  const padding = family === 'PS' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const isEc = privateKey.asymmetricKeyType === 'ec';
  const key = isEc
    ? ({ key: privateKey, dsaEncoding: 'ieee-p1363' } as const)
    : {
        key: privateKey,
        padding,
        ...(family === 'PS' ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
      };
  return sign(`sha${bits}`, Buffer.from(signed), key);
}
