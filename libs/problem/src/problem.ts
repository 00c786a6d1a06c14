import { problemCodes, type ProblemCode } from './problem-codes.js';
import { isRetryable } from './retryable.js';

/** One mistake in the caller's input. */
export interface InputError {
  /** Where: a dotted path into the body, or the name of a parameter. */
  readonly path: string;
  readonly message: string;
}

/** What an error looks like from outside (RFC 9457). */
export interface Problem {
  readonly type: `urn:bff:${ProblemCode}`;
  readonly title: string;
  readonly status: number;
  /** Whether the same request, sent again, may succeed. */
  readonly retryable: boolean;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly InputError[];
  /** The oldest version of the app that does not meet this again. */
  readonly minimumVersion?: string;
  /** Where to get it. */
  readonly storeUrl?: string;
}

/** Members of RFC 9457, section 3.2, that only some problems have. */
export type ProblemMembers = Pick<Problem, 'minimumVersion' | 'storeUrl'>;

export function createProblem(
  code: ProblemCode,
  more: Pick<Problem, 'detail' | 'errors' | 'requestId'> & ProblemMembers = {},
): Problem {
  const [status, title] = problemCodes[code];
  return { type: `urn:bff:${code}`, title, status, retryable: isRetryable(code), ...more };
}
