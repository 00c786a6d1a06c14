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
   * The answer of the call of this key that is in flight, or of a new one. `signal` lets its owner leave: the call
   * ends when the last one has left, never before. Without a key nothing is shared.
   */
  join<T>(
    key: string | undefined,
    signal: AbortSignal | undefined,
    limitMs: number,
    start: (scope: CallScope) => Promise<T>,
  ): Promise<T> {
    const nowMs = performance.now();
    const known = key === undefined ? undefined : this.flying.get(key);
    if (known !== undefined && known.scope.remainingMs(nowMs) >= limitMs * joinableShare) {
      known.participants += 1;
      this.shared += 1;
      return this.participate(known, key, signal) as Promise<T>;
    }
    const scope = new CallScope(nowMs + limitMs);
    const flight: Flight = { scope, answer: start(scope), participants: 1 };
    if (key === undefined) return this.participate(flight, key, signal) as Promise<T>;
    this.flying.set(key, flight);
    return this.participate(flight, key, signal) as Promise<T>;
  }

  private participate(
    flight: Flight,
    key: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const reason = reasonOf(signal);
        flight.participants -= 1;
        if (flight.participants === 0) {
          this.forget(key, flight);
          flight.scope.cancel(reason);
        }
        reject(reason);
      };
      // Left in place, the listener would keep every finished call alive until its request ends.
      const settle = (): void => {
        signal?.removeEventListener('abort', leave);
        this.forget(key, flight);
      };
      signal?.addEventListener('abort', leave, { once: true });
      const succeed = (answer: unknown): void => {
        settle();
        resolve(answer);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      flight.answer.then(succeed, fail);
    });
  }

  private forget(key: string | undefined, flight: Flight): void {
    if (key !== undefined && this.flying.get(key) === flight) this.flying.delete(key);
  }
}

/** Why a request's signal was aborted, as an error: nobody is to blame for either. */
export function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof AbandonedError || reason instanceof CallerGoneError
    ? reason
    : new CallerGoneError();
}
