/** Why a call to a service came to nothing. */
export const failureReasons = [
  'timeout',
  'unreachable',
  'overloaded',
  'rejected',
  'bad_response',
  'circuit_open',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** What a service objected to when it rejected a call; only these concern the gateway's own caller. */
export type Rejection = 'invalid' | 'not_found' | 'conflict' | 'gateway';

interface UpstreamErrorOptions extends ErrorOptions {
  readonly rejection?: Rejection;
}

/**
 * A service failed. `message` is for the log only: it may say what the service answered, and never leaves.
 */
export class UpstreamError extends Error {
  readonly rejection: Rejection | undefined;

  constructor(
    readonly upstream: string,
    readonly reason: FailureReason,
    message?: string,
    options: UpstreamErrorOptions = {},
  ) {
    super(`${upstream}: ${reason}${message === undefined ? '' : ` (${message})`}`, options);
    this.name = 'UpstreamError';
    this.rejection = options.rejection;
  }
}

/** The caller hung up: nobody waits for an answer, and nobody is to blame. */
export class CallerGoneError extends Error {
  constructor(options?: ErrorOptions) {
    super('the caller has gone', options);
    this.name = 'CallerGoneError';
  }
}
