import type { Lock } from './store.js';

/** The lock, or when to ask for it again where no word comes before that. */
export type LockAttempt = Lock | { readonly askAgainInMs: number };

/** `wantsWord`: tell the queue when it is free again. */
export type TryLock = (key: string, ttlMs: number, wantsWord: boolean) => Promise<LockAttempt>;

interface Waiter {
  readonly ttlMs: number;
  settle(lock: Lock | undefined): void;
  fail(error: unknown): void;
}

/** A timer that is to take longer fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Those of this process who wait for one key, first come, first served: only the first of them asks. */
export class LockQueue {
  private readonly waiters = new Set<Waiter>();
  private isAsking = false;
  private wasWoken = false;
  private endPause: () => void = () => undefined;

  constructor(
    private readonly tryLock: (ttlMs: number) => Promise<LockAttempt>,
    private readonly onEmpty: () => void,
  ) {}

  wait(ttlMs: number, waitMs: number): Promise<Lock | undefined> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        if (this.waiters.size === 0) this.wake();
      };
      const waiter: Waiter = {
        ttlMs,
        settle: (lock) => (leave(), resolve(lock)),
        fail: (error) => (leave(), reject(error)),
      };
      const timer = setTimeout(() => waiter.settle(undefined), Math.min(waitMs, longestTimerMs));
      this.waiters.add(waiter);
      if (!this.isAsking) void this.ask();
    });
  }

  wake(): void {
    this.wasWoken = true;
    this.endPause();
  }

  reject(error: unknown): void {
    for (const waiter of this.waiters) waiter.fail(error);
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    while (this.waiters.size > 0) {
      const [first] = this.waiters;
      this.wasWoken = false;
      try {
        const attempt = await this.tryLock(first!.ttlMs);
        await this.pause(await this.serve(first!, attempt));
      } catch (error) {
        this.reject(error);
      }
    }
    this.isAsking = false;
    this.onEmpty();
  }

  /** How long there is nothing to ask, in ms. */
  private async serve(first: Waiter, attempt: LockAttempt): Promise<number> {
    if (!('token' in attempt)) return attempt.askAgainInMs;
    if (this.waiters.has(first)) {
      first.settle(attempt);
      return first.ttlMs;
    }
    // It waits no longer, and the next one may want another time.
    await attempt.release();
    return 0;
  }

  private async pause(ms: number): Promise<void> {
    if (this.wasWoken || this.waiters.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.endPause = resolve;
      timer = setTimeout(resolve, Math.min(ms, longestTimerMs));
    });
    clearTimeout(timer);
  }
}
