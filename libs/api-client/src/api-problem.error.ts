import type { ProblemCode } from './problem-codes.js';
import type { Problem } from './problem.js';

/** Thrown where a gateway answers with a problem, also in the middle of a progressive answer. */
export class ApiProblem extends Error {
  /** What to go by. */
  readonly code: ProblemCode;
  readonly status: number;

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
  }
}

/** From `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
export function readRetryAfter(value: string | null, nowMs = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
