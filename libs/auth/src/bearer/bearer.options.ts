import type { Store } from '@bff/store';
import type { DpopMode } from './dpop-mode.js';
import type { KeyTimes } from './key-times.js';

/** How the issuer is asked whether a token was revoked (RFC 7662). */
export interface IntrospectionOptions {
  /** The issuer's discovery document says it unless given. */
  readonly url?: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  /** So long an answer counts at most; 30 s unless given. Four times as long while the issuer does not answer. */
  readonly rememberForMs?: number | undefined;
}

export interface BearerOptions {
  /** The OpenID provider whose access tokens are accepted; its keys are found through its discovery document. */
  readonly issuer: string;
  /** What `aud` must contain. */
  readonly audience: string;
  /** Where the usual times do not fit. */
  readonly keyTimes?: Partial<KeyTimes>;
  /** `off` unless given. */
  readonly dpop?: DpopMode | undefined;
  /** Nobody is asked unless given: a token then works until it expires. */
  readonly introspection?: IntrospectionOptions | undefined;
}

/** Where proofs are kept that may be used once only. */
export interface ProofStore {
  readonly store: Pick<Store, 'setIfAbsent'>;
}
