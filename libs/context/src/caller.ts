/** Who is calling, as far as the gateway has verified it. */
export interface Caller {
  /** The `sub` of the identity provider; also what services are told in `x-user-id`. */
  readonly id: string;
  readonly scopes: ReadonlySet<string>;
}
