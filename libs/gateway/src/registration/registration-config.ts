import type { PathTemplate } from '@bff/proxy';
import type { UpstreamConfig } from '@bff/upstream';
import type { TargetPattern } from './target-pattern.js';
import type { VerificationKey } from './verification-key.js';

/** Who may announce itself, and how far it may reach. */
export interface RegistrationConfig {
  /** Undefined: nothing is heard. */
  readonly redisUrl: string | undefined;
  readonly issuers: Issuers;
}

export type Issuers = Readonly<Record<string, IssuerConfig>>;

export interface IssuerConfig {
  readonly keys: readonly VerificationKey[];
  /** Literals only. */
  readonly prefixes: readonly PathTemplate[];
  readonly targets: readonly TargetPattern[];
  readonly maxLeaseMs: number;
  /** Of one instance. */
  readonly maxRoutes: number;
  readonly maxInstances: number;
  /** Its routes may be for anybody. */
  readonly mayBePublic: boolean;
  /** How it is called; where is what it says itself. */
  readonly policy: Omit<UpstreamConfig, 'url'>;
}
