/** Of a call that changes something. */
export interface ChangeOptions {
  /** Sent along, so that the service recognises the same change when it comes again; allows retries. */
  readonly idempotencyKey?: string | undefined;
}
