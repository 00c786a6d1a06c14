import type { RequestContext } from '@bff/context';
import { AbandonedError, CallerGoneError } from '@bff/problem';
import { CallScope } from './call-scope.js';

interface Flight {
  readonly scope: CallScope;
  readonly answer: Promise<unknown>;
  participants: number;
}

/** Whoever comes later joins a flight only when it still has this part of the time that he has himself. */
const joinableShare = 0.5;

/** Calls in flight, each shared by everybody who asks for the same on behalf of the same identity. */
export class Flights {
  private readonly flying = new Map<string, Flight>();
  /** Calls that joined another one. */
  shared = 0;

  /**
   * The answer of the call of this key that is in flight, or of a new one. The owner of `context` may leave: the call
   * ends when the last one has left, never before. Without a key nothing is shared.
   */
  join<T>(
    key: string | undefined,
    context: RequestContext | undefined,
    limitMs: number,
    start: (scope: CallScope) => Promise<T>,
  ): Promise<T> {
    const nowMs = performance.now();
    const known = key === undefined ? undefined : this.flying.get(key);
    if (known !== undefined && known.scope.remainingMs(nowMs) >= limitMs * joinableShare) {
      known.participants += 1;
      this.shared += 1;
      return this.participate(known, key, context) as Promise<T>;
    }
    const scope = new CallScope(nowMs + limitMs);
    const flight: Flight = { scope, answer: start(scope), participants: 1 };
    if (key !== undefined) this.flying.set(key, flight);
    return this.participate(flight, key, context) as Promise<T>;
  }

  private participate(
    flight: Flight,
    key: string | undefined,
    context: RequestContext | undefined,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const leave = (why: unknown): void => {
        const reason = toReason(why);
        flight.participants -= 1;
        if (flight.participants === 0) {
          this.forget(key, flight);
          flight.scope.end(reason);
        }
        reject(reason);
      };
      const settle = (): void => {
        context?.ending.remove(leave);
        this.forget(key, flight);
      };
      const succeed = (answer: unknown): void => {
        settle();
        resolve(answer);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      flight.answer.then(succeed, fail);
      context?.ending.add(leave);
    });
  }

  private forget(key: string | undefined, flight: Flight): void {
    if (key !== undefined && this.flying.get(key) === flight) this.flying.delete(key);
  }
}

/** Why somebody left, as an error: nobody is to blame. */
export function toReason(why: unknown): Error {
  return why instanceof AbandonedError || why instanceof CallerGoneError ? why : new CallerGoneError();
}
