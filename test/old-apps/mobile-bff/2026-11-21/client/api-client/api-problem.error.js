/** Thrown where a gateway answers with a problem, also in the middle of a progressive answer. */
export class ApiProblem extends Error {
  problem;
  retryAfterSeconds;
  /** What to go by. */
  code;
  status;
  constructor(
    problem,
    /** When to try again, as far as the gateway knows. */
    retryAfterSeconds,
  ) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
    this.name = 'ApiProblem';
    this.code = problem.type.slice('urn:bff:'.length);
    this.status = problem.status;
  }
}
/** From `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
export function readRetryAfter(value, nowMs = Date.now()) {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
