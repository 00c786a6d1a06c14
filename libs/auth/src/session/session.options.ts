/** How a browser signs in, and how long it stays signed in. */
export interface SessionOptions {
  /** In the name of its cookies; two gateways on one host must not share them. */
  readonly gateway: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the provider is asked for. */
  readonly scope: string;
  /** Classes of authentication (`acr`), the weakest first: a stronger one does where a weaker one is asked for. */
  readonly acrOrder: readonly string[];
  /** Seal what is stored and what cookies carry: the first seals, all of them open. */
  readonly secrets: readonly string[];
  /** Origins under which browsers see this gateway; none: the one of each request. */
  readonly origins: readonly string[];
  /** Of pages elsewhere that may call this gateway too. */
  readonly corsOrigins: readonly string[];
  /** Without a call for so long, a session is over. */
  readonly idleMs: number;
  /** So long after the sign-in it is over in any case. */
  readonly absoluteMs: number;
  /** How long a session that was just seen is believed in while the store cannot be asked. */
  readonly withoutStoreMs: number;
}
