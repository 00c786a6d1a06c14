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
  /** When it makes sense to come again, where that is known. */
  readonly retryAfterMs?: number;
  /** Until when those who come again are spread. */
  readonly retryBeforeMs?: number;
}

/**
 * A service failed. `message` is for the log only: it may say what the service answered, and never leaves.
 */
export class UpstreamError extends Error {
  readonly rejection: Rejection | undefined;
  readonly retryAfterMs: number | undefined;
  readonly retryBeforeMs: number | undefined;

  constructor(
    readonly upstream: string,
    readonly reason: FailureReason,
    message?: string,
    options: UpstreamErrorOptions = {},
  ) {
    super(`${upstream}: ${reason}${message === undefined ? '' : ` (${message})`}`, options);
    this.name = 'UpstreamError';
    this.rejection = options.rejection;
    this.retryAfterMs = options.retryAfterMs;
    this.retryBeforeMs = options.retryBeforeMs;
  }
}

/** The caller hung up: nobody waits for an answer, and nobody is to blame. */
export class CallerGoneError extends Error {
  constructor(options?: ErrorOptions) {
    super('the caller has gone', options);
    this.name = 'CallerGoneError';
  }
}

/** Nobody needs the answer any more: a required part of the same screen failed, or another attempt was faster. */
export class AbandonedError extends Error {
  constructor() {
    super('the answer is not needed any more');
    this.name = 'AbandonedError';
  }
}

/**
 * What is behind an error of a library that wraps ours as its `cause` (axios does); the error itself where nothing of
 * ours is. Wrapped more than once is not looked into.
 */
export function unwrapUpstreamError(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null || !('cause' in thrown)) return thrown;
  const { cause } = thrown;
  const isOurs =
    cause instanceof UpstreamError || cause instanceof CallerGoneError || cause instanceof AbandonedError;
  return isOurs && !(thrown instanceof UpstreamError) ? cause : thrown;
}
