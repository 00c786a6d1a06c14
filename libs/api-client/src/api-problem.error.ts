import type { ProblemCode } from './problem-codes.js';
import type { Problem } from './problem.js';

/** Thrown where a gateway answers with a problem, also in the middle of a progressive answer. */
export class ApiProblem extends Error {
  /** What to go by. */
  readonly code: ProblemCode;
  readonly status: number;
  /**
   * Whether the same call may succeed later, not before `retryAfterSeconds`. What must not happen twice is to be sent
   * with the same `idempotencyKey`.
   */
  readonly retryable: boolean;

  constructor(
    readonly problem: Problem,
    /** When to try again, as far as the gateway knows. */
    readonly retryAfterSeconds?: number,
    /** `WWW-Authenticate`: how to come in, or what is missing. */
    readonly challenge?: string,
  ) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiProblem';
    this.code = problem.type.slice('urn:bff:'.length) as ProblemCode;
    this.status = problem.status;
    this.retryable = problem.retryable ?? (problem.status === 429 || problem.status > 500);
  }
}

/** From `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
export function readRetryAfter(value: string | null, nowMs = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
