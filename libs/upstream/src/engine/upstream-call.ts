import type { Attempt } from './attempt.js';

/** One call as a protocol describes it to the engine. `C` is what it speaks through: a pool, a channel. */
export interface UpstreamCall<C, T> {
  /** Changes nothing: may be shared and hedged. */
  readonly safe: boolean;
  /** May arrive twice without harm, so it may be tried again. */
  readonly idempotent: boolean;
  /** Equal for equal calls, whoever makes them; undefined: never shared. Only read for safe calls. */
  readonly key?: string | undefined;
  /** Where it waits less long than its upstream's time-out. */
  readonly timeoutMs?: number | undefined;
  /** The most that its request may take to be sent, where that is time of its own: the answer's begins behind it. */
  readonly uploadMs?: number | undefined;
  /** Makes one attempt; rejects with UpstreamError. `more` are headers that `around` asked for. */
  send(attempt: Attempt, connection: C, more: Readonly<Record<string, string>>): Promise<T>;
  /** What stands between sharing and asking, e.g. a cache. `identity` tells callers apart. */
  readonly around?: ((ask: Ask<T>, identity: string) => Promise<T>) | undefined;
}

/** Asks the service, under the whole policy. */
export type Ask<T> = (more?: Readonly<Record<string, string>>) => Promise<T>;
