/** How calls to one service are made safe; every part on its own. Times in milliseconds, sizes in bytes. */
export interface UpstreamPolicy {
  readonly retry: RetryPolicy;
  readonly circuit: CircuitPolicy;
  readonly bulkhead: BulkheadPolicy;
  /** A second attempt of a safe call after the observed p95, paid from the retry budget. */
  readonly hedge: boolean;
  /** Identical safe calls in flight for the same identity share one. */
  readonly coalesce: boolean;
  readonly eject: EjectionPolicy;
}

export interface RetryPolicy {
  /** Attempts in all; 1 switches retries off. */
  readonly tries: number;
  /** Retries and hedges may be this part of recent calls. */
  readonly budgetShare: number;
  /** What the budget allows at least, averaged over its window of 10 s. */
  readonly budgetPerSecond: number;
  /** The longest wait before the first retry; it doubles up to ten times this. */
  readonly backoffMs: number;
}

export interface CircuitPolicy {
  /** No opening before this many calls are known. */
  readonly minimumCalls: number;
  /** The part of failed calls at which it opens; 0 to 1. */
  readonly failureRate: number;
  /** A call that took longer is slow; a part of the upstream's time-out. */
  readonly slowAfterMs: number;
  /** The part of slow calls at which it opens; 0 to 1. */
  readonly slowRate: number;
  /** How long it stays open before it is probed. */
  readonly openMs: number;
  /** Probes that must succeed in a row, one at a time, before it closes. */
  readonly probes: number;
}

export interface BulkheadPolicy {
  /** Calls in flight. */
  readonly concurrent: number;
  /** Calls that wait for one of these to end. */
  readonly queue: number;
  /** The longest wait. */
  readonly waitMs: number;
}

export interface EjectionPolicy {
  /** Failures of one target in a row that take it out of rotation. */
  readonly after: number;
  /** For how long, the first time; each further time in a row adds as much, up to ten times. */
  readonly forMs: number;
}

/** What holds where `gateway.yaml` is silent. */
export const defaultPolicy = {
  retry: { tries: 3, budgetShare: 0.2, budgetPerSecond: 3, backoffMs: 25 },
  circuit: { minimumCalls: 20, failureRate: 0.5, slowRate: 1, openMs: 5_000, probes: 3 },
  bulkhead: { concurrent: 128, queue: 64, waitMs: 100 },
  hedge: false,
  coalesce: true,
  eject: { after: 5, forMs: 30_000 },
  /** Of the time-out: what takes longer than this part of it is slow. */
  slowShare: 0.8,
} as const;
