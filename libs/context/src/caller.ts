/** Who is calling, as far as the gateway has verified it. */
export interface Caller {
  /** The `sub` of the identity provider; also what services are told in `x-user-id`. */
  readonly id: string;
  readonly scopes: ReadonlySet<string>;
  /** What a program with a key of its own has bought or was given; absent for all others. */
  readonly plan?: string;
  /** How and when a person has shown who he is; absent where the gateway cannot know. */
  readonly authentication?: CallerAuthentication;
}

export interface CallerAuthentication {
  /** The authentication context class, where the provider tells it (OpenID Connect Core, section 2). */
  readonly acr?: string | undefined;
  readonly atMs: number;
}
