/** What a fake does instead of answering well. */
export type Fault =
  | { readonly as: 'unreachable' }
  | { readonly as: 'hanging' }
  | { readonly as: 'status'; readonly status: number }
  | { readonly as: 'answer'; readonly answer: unknown };

/** One call as a fake saw it. */
export interface RecordedCall {
  /** The path of an HTTP request, the field of a GraphQL query, the method of a gRPC call. */
  readonly what: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** True once the caller ended the call before it was answered. */
  aborted: boolean;
}
