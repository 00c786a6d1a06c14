/** A URL of a store that cannot be meant. Says how to mend it, and nothing of what the URL holds. */
export class StoreUrlError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUrlError';
  }
}

export interface Endpoint {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Where a Redis is, or those that know where it is. */
export interface StoreUrl {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  /** Of Redis itself, of the sentinels, or of some nodes of the cluster. */
  readonly endpoints: readonly Endpoint[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** What the sentinels are told; they often have no password, or another. */
  readonly sentinelPassword: string | undefined;
  readonly database: number;
  /** What the sentinels call it. */
  readonly masterName: string;
  /** Before every key and channel. */
  readonly prefix: string;
  /** Certificates in PEM to trust instead of those of the system. */
  readonly ca: string | undefined;
}
