import type { JWTPayload } from 'jose';

/** What a provider is asked for. */
export type ProviderEndpoint =
  'discovery' | 'jwks' | 'authorize' | 'par' | 'token' | 'revoke' | 'end-session';

/** What an endpoint does in place of answering well, or before it. */
export type ProviderFault =
  | 'hang'
  /** The connection ends without an answer. */
  | 'cut'
  | {
      /** What it answers is on its way when this has settled, and not before. */
      readonly after?: Promise<unknown>;
      /** In place of the good answer, which comes where there is none. */
      readonly answer?: ProviderAnswer;
    };

export interface ProviderAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Ways in which a provider can be wrong, or wronged. */
export interface ProviderLies {
  /** Put over the discovery document; undefined leaves a member out. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Changes the query that the browser comes back with. */
  readonly callback?: (query: URLSearchParams) => void;
  /** In place of the ID token; undefined: none. */
  readonly idToken?: (claims: JWTPayload) => string | undefined | Promise<string | undefined>;
  /** Put over the answer of the token endpoint; undefined leaves a member out. */
  readonly tokens?: Readonly<Record<string, unknown>>;
  readonly at?: Readonly<Partial<Record<ProviderEndpoint, ProviderFault>>>;
}
