import type { ProblemCode } from './problem-codes.js';

/** One mistake in the input. */
export interface InputError {
  /** Where: a dotted path into the body, or the name of a parameter. */
  readonly path: string;
  readonly message: string;
}

/** What an error of a gateway looks like (RFC 9457). */
export interface Problem {
  readonly type: `urn:bff:${ProblemCode}`;
  readonly title: string;
  readonly status: number;
  /** Whether the same request, sent again, may succeed; absent from gateways that do not tell. */
  readonly retryable?: boolean;
  readonly detail?: string;
  /** Names the request in the logs of the gateway. */
  readonly requestId?: string;
  readonly errors?: readonly InputError[];
}

export function isProblem(value: unknown): value is Problem {
  const { type, title, status } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof type === 'string' &&
    type.startsWith('urn:bff:') &&
    typeof title === 'string' &&
    typeof status === 'number'
  );
}
