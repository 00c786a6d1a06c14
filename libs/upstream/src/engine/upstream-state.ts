import type { CircuitState } from '../policy/circuit-breaker.js';
import type { FailureReason } from '@bff/problem';
import type { CacheState } from '../cache/answer-cache.js';
import type { TargetState } from '../targets/target.js';

/** How one upstream is at the moment, for operators: no credentials, nothing of any call. */
export interface UpstreamState {
  readonly name: string;
  readonly protocol: string;
  /** As configured. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly circuit: CircuitState;
  readonly targets: readonly TargetState[];
  readonly inFlight: number;
  readonly queued: number;
  /** Retries and hedges that the budget has left. */
  readonly retriesLeft: number;
  /** Of attempts that were answered; undefined until there is one. */
  readonly latencyMs: {
    readonly p50: number | undefined;
    readonly p95: number | undefined;
    readonly p99: number | undefined;
  };
  /** Since start. */
  readonly calls: CallTotals;
  readonly cache?: CacheState | undefined;
}

export interface CallTotals {
  readonly all: number;
  readonly ok: number;
  readonly callerGone: number;
  readonly abandoned: number;
  readonly broken: number;
  readonly failed: Readonly<Record<FailureReason, number>>;
  readonly attempts: number;
  readonly retries: number;
  readonly hedges: number;
  readonly shared: number;
}
