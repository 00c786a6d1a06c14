import { PatientTimeout } from '@bff/context';

type Hook = (reason: unknown) => void;

/** The time that one call has, and whoever must be told when nobody wants its answer any more. */
export class CallScope {
  private readonly hooks = new Set<Hook>();
  private ended: { readonly reason: unknown } | undefined;

  /** `endsAtMs`: when its time is up, on the clock of `performance.now()`. */
  constructor(readonly endsAtMs: number) {}

  remainingMs(nowMs: number): number {
    return this.endsAtMs - nowMs;
  }

  /** Ends everything that is going on for this call; nothing starts afterwards. */
  cancel(reason: unknown): void {
    if (this.ended !== undefined) return;
    this.ended = { reason };
    for (const hook of this.hooks) hook(reason);
    this.hooks.clear();
  }

  /** Throws the reason when the call was cancelled. */
  throwIfCancelled(): void {
    if (this.ended !== undefined) throw this.ended.reason;
  }

  /** Called with the reason, at once when it is too late. Whoever adds one removes it when it has settled. */
  addHook(hook: Hook): void {
    if (this.ended === undefined) this.hooks.add(hook);
    else hook(this.ended.reason);
  }

  removeHook(hook: Hook): void {
    this.hooks.delete(hook);
  }

  /** Rejects with the reason when cancelled meanwhile. */
  sleep(ms: number): Promise<void> {
    return this.race(ms, (resolve) => resolve());
  }

  /**
   * What `work` gives; rejects with the reason when cancelled meanwhile, and with `tooLate` when the time is up. The
   * work itself goes on: others may wait for it as well.
   */
  wait<T>(work: Promise<T>, tooLate: () => Error): Promise<T> {
    const remainingMs = Math.max(0, this.remainingMs(performance.now()));
    return this.race(remainingMs, (_, reject) => reject(tooLate()), work);
  }

  /** Settles with `work`, with `onTime` after `ms`, or with the reason when cancelled; leaves no timer and no hook. */
  private race<T>(
    ms: number,
    onTime: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void,
    work?: Promise<T>,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = new PatientTimeout(() => onTime(resolve, reject), ms);
    work?.then(resolve, reject);
    this.addHook(reject);
    return promise.finally(() => {
      timer.clear();
      this.removeHook(reject);
    });
  }

  /** One that can be cancelled alone, and is when this one is. To be given back to `release`. */
  fork(): CallScope {
    const fork = new CallScope(this.endsAtMs);
    this.addHook(fork.onParentCancel);
    return fork;
  }

  release(fork: CallScope): void {
    this.removeHook(fork.onParentCancel);
  }

  private readonly onParentCancel = (reason: unknown): void => this.cancel(reason);
}
