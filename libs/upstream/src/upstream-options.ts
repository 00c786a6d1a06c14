import type { ClientCredentialsOptions } from './identity/client-credentials.js';
import type { TokenExchangeOptions } from './identity/token-exchange.js';
import type { Identify, TokenOf } from './identity/upstream-identity.js';
import type { BulkheadPolicy, CircuitPolicy, EjectionPolicy, RetryPolicy } from './policy/upstream-policy.js';
import type { DnsOptions } from './targets/resolve-name.js';
import type { TlsFiles } from './http/tls-options.js';

export type { Identify, TokenOf } from './identity/upstream-identity.js';

/** One service as the gateway's configuration describes it; what is left out has a default. */
export interface UpstreamConfig {
  /** Where it is; several places are separated by commas. */
  readonly url: string;
  /** The most that one call may take, retries included; the request's own deadline can only shorten it. */
  readonly timeoutMs: number;
  /** The most that one attempt may take. Default: all the time there is; half of it where there are several targets. */
  readonly attemptTimeoutMs?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly circuit?: Partial<CircuitPolicy> | undefined;
  readonly bulkhead?: Partial<BulkheadPolicy> | undefined;
  readonly hedge?: boolean | undefined;
  readonly coalesce?: boolean | undefined;
  readonly eject?: Partial<EjectionPolicy> | undefined;
  /** Of HTTP answers, as far as they allow it; false: none. */
  readonly cache?: Partial<CacheConfig> | false | undefined;
  /** Asks every target whether it is well; HTTP by a path, gRPC by its health service. */
  readonly check?: CheckConfig | undefined;
  readonly dns?: Partial<DnsOptions> | undefined;
  /** Whom the service is told to be called for. Default: the caller. */
  readonly identity?: IdentityConfig | undefined;
  readonly tls?: TlsFiles | undefined;
  /** HTTP/2 where the service speaks it; without TLS it must. */
  readonly http2?: boolean | undefined;
  /** The largest answer that a view may be made from. */
  readonly maxAnswerBytes?: number | undefined;
}

export interface CacheConfig {
  readonly maxBytes: number;
  /** Answers that say `public` are shared by all callers. */
  readonly shared: boolean;
  /** Answers are kept in the gateway's store as well, where its other replicas find them. */
  readonly store: boolean;
}

export interface CheckConfig {
  readonly path: string;
  readonly everyMs: number;
}

/**
 * `caller`: who the gateway says is calling; `token`: the caller's own access token; `none`: nobody. With credentials
 * the gateway calls for itself; with `exchange`, for the caller by a token that is for this service alone.
 */
export type IdentityConfig =
  'caller' | 'token' | 'none' | ClientCredentialsOptions | { readonly exchange: TokenExchangeOptions };

/** What callers are known by. Handed in: this library knows no identities. */
export interface Identities {
  readonly caller: Identify;
  /** Absent where callers have no token to pass on. */
  readonly token?: TokenOf | undefined;
}

export const defaultCache: CacheConfig = { maxBytes: 16 * 1024 * 1024, shared: false, store: false };
export const defaultDns: DnsOptions = { refreshMs: 10_000, servers: [] };
export const defaultMaxAnswerBytes = 8 * 1024 * 1024;
