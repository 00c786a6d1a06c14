import {
  AbandonedError,
  CallerGoneError,
  type FailureReason,
  failureReasons,
  UpstreamError,
} from '@bff/problem';

/** What became of the calls to one upstream since start. */
export class CallCounts {
  calls = 0;
  ok = 0;
  /** Callers who hung up: neither good nor bad (499 in the access log). */
  callerGone = 0;
  /** Calls that nobody needed any more, because a required sibling had failed. */
  abandoned = 0;
  /** Mistakes of ours. */
  broken = 0;
  attempts = 0;
  retries = 0;
  hedges = 0;
  readonly failed: Record<FailureReason, number> = Object.fromEntries(
    failureReasons.map((reason) => [reason, 0]),
  ) as Record<FailureReason, number>;

  fail(error: unknown): void {
    if (error instanceof CallerGoneError) this.callerGone += 1;
    else if (error instanceof AbandonedError) this.abandoned += 1;
    else if (error instanceof UpstreamError) this.failed[error.reason] += 1;
    else this.broken += 1;
  }
}
