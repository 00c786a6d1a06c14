import type { ProblemCode } from './problem-codes.js';
import type { InputError, ProblemMembers } from './problem.js';

interface ProblemErrorOptions extends ErrorOptions {
  readonly errors?: readonly InputError[];
  readonly members?: ProblemMembers;
  /** Sent with the answer, e.g. `WWW-Authenticate`, `Allow`, `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown anywhere in the gateway to end the request with that problem. `detail` is shown to the caller. */
export class ProblemError extends Error {
  readonly errors: readonly InputError[] | undefined;
  readonly members: ProblemMembers;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    options: ProblemErrorOptions = {},
  ) {
    super(detail ?? code, options);
    this.name = 'ProblemError';
    this.errors = options.errors;
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }
}
