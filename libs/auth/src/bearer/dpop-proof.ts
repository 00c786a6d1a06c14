import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose/jwt/verify';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { isSameTarget } from './http-target.js';
import { readJwsHeader, UnreadableJwsError } from './jws-header.js';
import { ProofError } from './proof.error.js';
import { type ProofKey, readProofKey } from './proof-key.js';
import type { ProofStore } from './bearer.options.js';

const maxProofLength = 4 * 1024;
const maxKeys = 1_000;
/** How far the client's clock may be ahead of or behind ours. */
const windowSeconds = 60;
/** A proof from as far ahead as may be holds for twice the window; replicas' clocks differ by less than the rest. */
const onceForMs = 2 * windowSeconds * 1_000 + 10_000;

/** The access token that a proof goes with, and the thumbprint of the key that it is bound to. */
export interface BoundToken {
  readonly token: string;
  readonly jkt: string;
}

/** Checks that callers have the key that their access token is bound to (RFC 9449, section 4.3). */
export class DpopProofs {
  /** By the header of their proofs, which does not change from one to the next. */
  private readonly keys = new LRUCache<string, ProofKey>({ max: maxKeys });

  constructor(private readonly store: ProofStore['store']) {}

  /**
   * Resolves for a proof that was made for this request and this token, and not used before. Rejects with ProofError,
   * or with StoreUnavailableError where nobody can tell whether it was used.
   */
  async check(request: Request, { token, jkt }: BoundToken): Promise<void> {
    const proof = request.headers['dpop'];
    if (typeof proof !== 'string') throw new ProofError('there is none');
    const key = await this.findKey(proof).catch((cause: unknown) => {
      if (cause instanceof ProofError) throw cause;
      throw new ProofError(cause instanceof UnreadableJwsError ? cause.message : 'it cannot be read', {
        cause,
      });
    });
    if (key.thumbprint !== jkt)
      throw new ProofError('it is signed with another key than the token is bound to');
    const { payload } = await jwtVerify(proof, key.key, {
      algorithms: [key.alg],
      clockTolerance: windowSeconds,
    }).catch((cause: unknown) => {
      throw new ProofError('its signature or its times do not hold', { cause });
    });
    const jti = readProofClaims(payload, request, token);
    const isNew = await this.store.setIfAbsent(`dpop:${hash(`${jkt}.${jti}`)}`, '1', onceForMs);
    if (!isNew) throw new ProofError('its jti was used before');
  }

  private async findKey(proof: string): Promise<ProofKey> {
    const header = readJwsHeader(proof, maxProofLength);
    const head = proof.slice(0, proof.indexOf('.'));
    const known = this.keys.get(head);
    if (known !== undefined) return known;
    const key = await readProofKey(header);
    this.keys.set(head, key);
    return key;
  }
}

/** Returns the jti. Throws ProofError. */
function readProofClaims(claims: Readonly<Record<string, unknown>>, request: Request, token: string): string {
  const { htm, htu, iat, ath, jti } = claims;
  if (htm !== request.method) throw new ProofError('its htm is another method');
  if (typeof htu !== 'string' || !isSameTarget(htu, request))
    throw new ProofError('its htu is another address');
  if (typeof iat !== 'number' || Math.abs(iat - Date.now() / 1_000) > windowSeconds)
    throw new ProofError(`its iat is not within ${windowSeconds} s of now`);
  if (ath !== hash(token)) throw new ProofError('its ath is that of another token');
  if (typeof jti !== 'string' || jti === '' || jti.length > 256)
    throw new ProofError('its jti is not usable');
  return jti;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
