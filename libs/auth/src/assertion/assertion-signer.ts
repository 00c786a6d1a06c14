import { sign } from 'node:crypto';
import type { Caller } from '@bff/context';
import { type AssertionJwk, type AssertionKey, deriveAssertionKey } from './assertion-key.js';
import { scopeOf } from './caller-key.js';

export interface AssertionOptions {
  /** Who asserts: `urn:bff:<name of the gateway>`. */
  readonly issuer: string;
  /** The first one signs; services accept all of them, so a new one is put in front and the last one taken away. */
  readonly secrets: readonly string[];
}

export interface AssertionSubject {
  /** The upstream's name. */
  readonly audience: string;
  /** Absent: nobody calls. */
  readonly caller?: Caller | undefined;
}

interface Signed {
  readonly assertion: string;
  readonly reuseUntilMs: number;
}

const lifeSeconds = 60;
/** Part of its life in which an assertion is sent again; the rest is for the call, and for clocks that differ. */
const reuseShare = 0.75;
/** Under which is remembered what is said where nobody calls. */
const nobody = {};

/**
 * Tells a service who calls, so that it can check that the gateway says so: a JWT of type `bff-identity+jwt`, signed
 * with ES256, for one service and one minute.
 */
export class AssertionSigner {
  private readonly keys: readonly AssertionKey[];
  private readonly signing: AssertionKey;
  private readonly header: string;
  /** By caller, then audience: as long as the caller is remembered by whoever has verified him, and no longer. */
  private readonly remembered = new WeakMap<object, Map<string, Signed>>();

  constructor(
    private readonly options: AssertionOptions,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.keys = options.secrets.map(deriveAssertionKey);
    const [signing] = this.keys;
    if (signing === undefined) throw new Error('without a secret nothing can be asserted');
    this.signing = signing;
    this.header = encode({ alg: 'ES256', typ: 'bff-identity+jwt', kid: signing.jwk.kid });
  }

  /** A compact JWS (RFC 7515), the same one for at most 45 s. */
  sign({ audience, caller }: AssertionSubject): string {
    const nowMs = this.nowMs();
    const ofCaller = this.rememberedOf(caller);
    const known = ofCaller.get(audience);
    if (known !== undefined && nowMs < known.reuseUntilMs) return known.assertion;
    const issuedAt = Math.floor(nowMs / 1_000);
    const assertion = this.signNew(audience, caller, issuedAt);
    ofCaller.set(audience, { assertion, reuseUntilMs: (issuedAt + lifeSeconds * reuseShare) * 1_000 });
    return assertion;
  }

  /** What services check assertions with (RFC 7517): the public halves of all keys. */
  jwks(): { readonly keys: readonly AssertionJwk[] } {
    return { keys: this.keys.map(({ jwk }) => jwk) };
  }

  private rememberedOf(caller: Caller | undefined): Map<string, Signed> {
    const known = this.remembered.get(caller ?? nobody);
    if (known !== undefined) return known;
    const signed = new Map<string, Signed>();
    this.remembered.set(caller ?? nobody, signed);
    return signed;
  }

  private signNew(audience: string, caller: Caller | undefined, issuedAt: number): string {
    const scope = caller === undefined ? '' : scopeOf(caller);
    const claims = encode({
      iss: this.options.issuer,
      aud: audience,
      sub: caller?.id,
      scope: scope === '' ? undefined : scope,
      iat: issuedAt,
      exp: issuedAt + lifeSeconds,
    });
    const text = `${this.header}.${claims}`;
    const key = { key: this.signing.key, dsaEncoding: 'ieee-p1363' } as const;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }
}

function encode(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url');
}
