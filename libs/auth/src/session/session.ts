import type { CallerAuthentication } from '@bff/context';

/** What a provider has given for one signed-in user. Never leaves the gateway, but for the services that ask for it. */
export interface SessionTokens {
  readonly accessToken: string;
  readonly receivedAtMs: number;
  /** Undefined: the provider does not say. */
  readonly accessExpiresAtMs?: number | undefined;
  /** Absent where the provider gives none: the session then lives without new access tokens. */
  readonly refreshToken?: string | undefined;
  /** What the access token is good for. */
  readonly scopes: readonly string[];
}

/** What the provider says of whoever has signed in. */
export interface SignedIn {
  readonly subject: string;
  /** Of the ID token; those about the token itself left out. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The provider's own session (`sid`), for its logout. */
  readonly providerSession?: string | undefined;
  readonly authentication: CallerAuthentication;
  readonly tokens: SessionTokens;
}

/** What a browser's cookie stands for. */
export interface Session extends SignedIn {
  /** To be shown in a list; nobody comes in with it. */
  readonly id: string;
  readonly device: string;
  readonly createdAtMs: number;
  /** When it is over in any case. */
  readonly endsAtMs: number;
}
