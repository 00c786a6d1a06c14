import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export interface ProofOptions {
  readonly method?: string;
  readonly url: string;
  /** The access token it goes with. */
  readonly token: string;
  /** Put over those of a good proof; undefined leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A client's key, with proofs of its possession (RFC 9449) that are good unless an option makes them bad. */
export class DpopKey {
  private constructor(
    private readonly alg: string,
    private readonly privateKey: CryptoKey,
    readonly publicJwk: JWK,
    readonly privateJwk: JWK,
    /** What a token is bound to: `mint({ claims: { cnf: { jkt } } })`. */
    readonly jkt: string,
  ) {}

  static async create(alg = 'ES256'): Promise<DpopKey> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const publicJwk = await exportJWK(publicKey);
    const jkt = await calculateJwkThumbprint(publicJwk);
    return new DpopKey(alg, privateKey, publicJwk, await exportJWK(privateKey), jkt);
  }

  proof({ method = 'GET', url, token, header, claims }: ProofOptions): Promise<string> {
    const good = {
      jti: randomUUID(),
      htm: method,
      htu: url,
      iat: Math.floor(Date.now() / 1_000),
      ath: createHash('sha256').update(token).digest('base64url'),
    };
    return new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: this.alg, typ: 'dpop+jwt', jwk: this.publicJwk, ...header })
      .sign(this.privateKey);
  }
}
