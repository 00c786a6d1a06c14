import { type Caller, type LiveSession, sessionOf } from '@bff/auth';
import { ProblemError } from '@bff/problem';

/** Throws `not_found` for a caller who came in otherwise. */
export function liveSessionOf(caller: Caller): LiveSession {
  const live = sessionOf(caller);
  if (live === undefined)
    throw new ProblemError('not_found', 'Only a browser that has signed in has a session.');
  return live;
}
