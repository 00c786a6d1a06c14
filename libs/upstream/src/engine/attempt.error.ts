import { AbandonedError, CallerGoneError, type FailureReason, UpstreamError } from '@bff/problem';
import type { Outcome } from '../policy/circuit-breaker.js';

/** May the same call be tried again: no; only if arriving twice does no harm; always, for it never left. */
export type Retry = 'never' | 'if_idempotent' | 'always';

type UpstreamErrorOptions = ConstructorParameters<typeof UpstreamError>[3];

interface AttemptErrorOptions extends NonNullable<UpstreamErrorOptions> {
  readonly retry?: Retry;
  /** Says nothing bad about the service: 429. */
  readonly neutral?: boolean;
  /** The service does not know who calls: 401, UNAUTHENTICATED. */
  readonly unauthorized?: boolean;
  /** The caller has the answer that made this failure. */
  readonly relayed?: boolean;
}

/** Why one attempt failed, with what the policy needs to know about it. */
export class AttemptError extends UpstreamError {
  readonly retry: Retry;
  readonly neutral: boolean;
  readonly unauthorized: boolean;
  readonly relayed: boolean;

  constructor(
    upstream: string,
    reason: FailureReason,
    message: string,
    {
      retry = 'never',
      neutral = false,
      unauthorized = false,
      relayed = false,
      ...options
    }: AttemptErrorOptions = {},
  ) {
    super(upstream, reason, message, options);
    this.retry = retry;
    this.neutral = neutral;
    this.unauthorized = unauthorized;
    this.relayed = relayed;
  }
}

export function mayRetry(error: unknown, idempotent: boolean): error is UpstreamError {
  if (!(error instanceof UpstreamError)) return false;
  const retry = error instanceof AttemptError ? error.retry : retryOf(error);
  return retry === 'always' || (retry === 'if_idempotent' && idempotent);
}

function retryOf({ reason }: UpstreamError): Retry {
  return reason === 'unreachable' ? 'if_idempotent' : 'never';
}

/** What an ended call says about the service. A caller who left, and what a caller did wrong, say nothing. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof AbandonedError || error instanceof CallerGoneError) return 'neutral';
  if (!(error instanceof UpstreamError)) return 'neutral';
  if (error.reason === 'rejected') return 'neutral';
  return error instanceof AttemptError && error.neutral ? 'neutral' : 'failure';
}

/** The service answered, though not with what was asked for. */
export function hasAnswered(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  return error.reason === 'rejected' || (error instanceof AttemptError && error.neutral);
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof AttemptError && error.unauthorized;
}

export function isRelayed(error: unknown): boolean {
  return error instanceof AttemptError && error.relayed;
}
