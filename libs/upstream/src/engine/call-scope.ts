import { Ending, PatientTimeout } from '@bff/context';

/** The time that one call has, and whoever must be told when nobody wants its answer any more. */
export class CallScope extends Ending {
  /** `endsAtMs`: when its time is up, on the clock of `performance.now()`. */
  constructor(
    readonly endsAtMs: number,
    outer?: CallScope,
  ) {
    super(outer);
  }

  remainingMs(nowMs: number): number {
    return this.endsAtMs - nowMs;
  }

  /** Throws the reason when nobody waits any more. */
  throwIfEnded(): void {
    if (this.isEnded) throw this.reason;
  }

  /** One that can be ended alone, and is when this one is. */
  fork(): CallScope {
    return new CallScope(this.endsAtMs, this);
  }

  /** Rejects with the reason when it ends meanwhile. */
  sleep(ms: number): Promise<void> {
    return this.race(ms, (resolve) => resolve());
  }

  /**
   * What `work` gives; rejects with the reason when it ends meanwhile, and with `tooLate` when the time is up. The work
   * itself goes on: others may wait for it as well.
   */
  wait<T>(work: Promise<T>, tooLate: () => Error): Promise<T> {
    const remainingMs = Math.max(0, this.remainingMs(performance.now()));
    return this.race(remainingMs, (_, reject) => reject(tooLate()), work);
  }

  /** Settles with `work`, with `onTime` after `ms`, or with the reason when it ends; leaves no timer and no hook. */
  private race<T>(
    ms: number,
    onTime: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void,
    work?: Promise<T>,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = new PatientTimeout(() => onTime(resolve, reject), ms);
    work?.then(resolve, reject);
    this.add(reject);
    return promise.finally(() => {
      timer.clear();
      this.remove(reject);
    });
  }
}
