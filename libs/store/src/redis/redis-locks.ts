import type { LockAttempt } from '../lock-queue.js';
import { LockQueues } from '../lock-queues.js';
import type { Lock, LockOptions, StoreUnavailableError } from '../store.js';
import type { RedisChannels } from './redis-channels.js';
import type { RedisConnection } from './redis-connection.js';

/** How long the last token is remembered after its lock. */
const keepTokenMs = 3_600_000;
/** Word that a lock is free may be lost: whoever waits asks anew after this time, and up to half of it more. */
const askAgainMs = 200;

/** Locks in Redis. Of each process and key only one waits there, for word from whoever releases it. */
export class RedisLocks {
  private readonly queues = new LockQueues((key, ttlMs, wantsWord) => this.take(key, ttlMs, wantsWord));
  private readonly channel: string;
  private isListening = false;

  constructor(
    private readonly prefix: string,
    private readonly redis: RedisConnection,
    private readonly channels: RedisChannels,
  ) {
    this.channel = `${prefix}unlocked`;
  }

  lock(key: string, options: LockOptions): Promise<Lock | undefined> {
    return this.queues.lock(key, options);
  }

  rejectAll(error: StoreUnavailableError): void {
    this.queues.rejectAll(error);
  }

  private async take(key: string, ttlMs: number, wantsWord: boolean): Promise<LockAttempt> {
    if (wantsWord) this.listen();
    const name = `${this.prefix}lock:${key}`;
    const [token, heldForMs] = await this.redis.ask((client) =>
      client.takeLock(name, Math.ceil(ttlMs), wantsWord ? 1 : 0, keepTokenMs),
    );
    if (token === 0)
      return { askAgainInMs: Math.min(heldForMs, askAgainMs) + (Math.random() * askAgainMs) / 2 };
    return { token, release: () => this.release(key, name, token) };
  }

  /** When it cannot be released, its time will be over. */
  private async release(key: string, name: string, token: number): Promise<void> {
    await this.redis
      .ask((client) => client.releaseLock(name, token, this.channel, key))
      .catch(() => undefined);
    this.queues.wake(key);
  }

  /** Until it hears, asking anew has to do. */
  private listen(): void {
    if (this.isListening) return;
    this.isListening = true;
    this.channels
      .subscribe(
        this.channel,
        (key) => this.queues.wake(key),
        () => this.queues.wakeAll(),
      )
      .catch(() => undefined);
  }
}
