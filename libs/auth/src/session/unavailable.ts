import { ProblemError } from '@bff/problem';
import { StoreUnavailableError } from '@bff/store';

/** Throws `sessions_unavailable` where the store cannot be asked, and anything else as it is. */
export function throwUnavailable(error: unknown): never {
  if (error instanceof StoreUnavailableError)
    throw new ProblemError('sessions_unavailable', undefined, { cause: error });
  throw error;
}
