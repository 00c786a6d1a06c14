import { ApiProblem } from './api-problem.error.js';
import type { CallOptions } from './answer.js';
import { pause } from './pause.js';

/** In which a browser that signs in once more has got its new cookie. */
const settleMs = 2_000;

/** A client of a gateway that browsers sign in to. */
interface SessionClient<Reason extends string> {
  watchMySession(options?: CallOptions): AsyncGenerator<{ readonly reason: Reason }, void>;
}

/**
 * Resolves when nobody is signed in in this browser any more, wherever that was ended, with the reason that was told;
 * `expired` where there was none. Another session in place of this one, after a step-up in another tab, is no end.
 */
export async function untilSessionEnds<Reason extends string>(
  client: SessionClient<Reason>,
  options: Pick<CallOptions, 'signal'> = {},
): Promise<Reason | 'expired'> {
  let reason = await nextEnd(client, options);
  while (reason === 'replaced') {
    const replaced = reason;
    reason = await nextEnd(client, options);
    if (reason !== undefined) continue;
    await pause(settleMs, options.signal);
    reason = await nextEnd(client, options);
    if (reason === undefined) return replaced;
  }
  return reason ?? 'expired';
}

/** Undefined: there is no session. */
async function nextEnd<Reason extends string>(
  client: SessionClient<Reason>,
  options: Pick<CallOptions, 'signal'>,
): Promise<Reason | undefined> {
  try {
    for await (const { reason } of client.watchMySession(options)) return reason;
    return undefined;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'unauthenticated') return undefined;
    throw error;
  }
}

/**
 * Where a browser signs in, to come back to `returnUrl` (path, query and fragment) afterwards. With the problem
 * `step_up_required` of a call it is the sign-in that the call needs.
 */
export function loginUrl(returnUrl: string, problem?: ApiProblem): string {
  const wishes = problem?.code === 'step_up_required' ? readWishes(problem.challenge) : [];
  return `/bff/login?${new URLSearchParams([['returnUrl', returnUrl], ...wishes]).toString()}`;
}

/** RFC 9470, section 3. */
function readWishes(challenge = ''): [string, string][] {
  const found = challenge.matchAll(/\b(acr_values|max_age)="([^"]*)"/g);
  return [...found].map(([, name = '', value = '']) => [name, value]);
}
