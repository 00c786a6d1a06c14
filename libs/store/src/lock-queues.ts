import { LockQueue, type TryLock } from './lock-queue.js';
import { type Lock, type LockOptions, StoreUnavailableError } from './store.js';

/** More who wait at once are sent away: the memory of a process is not for a crowd that nobody serves. */
const maxWaiting = 100_000;

/** Lets this process ask once for a lock, however many of its calls wait for it. */
export class LockQueues {
  private readonly queues = new Map<string, LockQueue>();
  private waiting = 0;

  constructor(private readonly tryLock: TryLock) {}

  /** Undefined: not within `waitMs`. Rejects with what asking for it rejects with. */
  async lock(key: string, { ttlMs, waitMs }: LockOptions): Promise<Lock | undefined> {
    if (!(ttlMs > 0)) throw new RangeError(`ttlMs of a lock is more than 0: ${ttlMs}`);
    if (!(waitMs > 0)) {
      const attempt = await this.tryLock(key, ttlMs, false);
      return 'token' in attempt ? attempt : undefined;
    }
    if (this.waiting >= maxWaiting)
      throw new StoreUnavailableError('too many calls of this process wait for locks');
    this.waiting += 1;
    try {
      return await this.queueOf(key).wait(ttlMs, waitMs);
    } finally {
      this.waiting -= 1;
    }
  }

  /** It may be free now. */
  wake(key: string): void {
    this.queues.get(key)?.wake();
  }

  wakeAll(): void {
    for (const queue of this.queues.values()) queue.wake();
  }

  rejectAll(error: StoreUnavailableError): void {
    for (const queue of this.queues.values()) queue.reject(error);
  }

  private queueOf(key: string): LockQueue {
    const known = this.queues.get(key);
    if (known !== undefined) return known;
    const queue = new LockQueue(
      (ttlMs) => this.tryLock(key, ttlMs, true),
      () => this.queues.delete(key),
    );
    this.queues.set(key, queue);
    return queue;
  }
}
