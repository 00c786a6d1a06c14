import { LRUCache } from 'lru-cache';
import { Channels, type Listener } from '../channels.js';
import { LockQueues } from '../lock-queues.js';
import { MemoryLocks } from './memory-locks.js';
import {
  type Counted,
  type Lock,
  type LockOptions,
  type Store,
  StoreUnavailableError,
  type SubscribeOptions,
  type Subscription,
} from '../store.js';

const defaultMaxBytes = 32 * 1024 * 1024;
const maxCounterBytes = 8 * 1024 * 1024;
const maxLocks = 100_000;
/** What an entry takes beside its text, roughly. */
const overheadBytes = 200;

/**
 * In this process, bounded in bytes: the values that were not used for longest go first, and so do the counters, which
 * have room of their own. Held locks stay. Gone with the process.
 */
export class MemoryStore implements Store {
  readonly isAvailable = true;
  private readonly values: LRUCache<string, string>;
  private readonly counters = new LRUCache<string, { value: number }>({
    maxSize: maxCounterBytes,
    sizeCalculation: (_counter, key) => 2 * key.length + overheadBytes,
  });
  private readonly locks = new MemoryLocks(maxLocks, (key) => this.queues.wake(key));
  private readonly queues = new LockQueues(async (key, ttlMs) => this.locks.take(key, ttlMs));
  private readonly channels = new Channels();

  constructor(maxBytes = defaultMaxBytes) {
    this.values = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (value, key) => 2 * (value.length + key.length) + overheadBytes,
    });
  }

  /** Of all values, as counted against the limit. */
  get bytes(): number {
    return this.values.calculatedSize;
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.values.get(key));
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    this.put(key, value, ttlMs);
  }

  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.values.get(key) !== undefined) return false;
    this.put(key, value, ttlMs);
    return true;
  }

  async compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.values.get(key) !== expected) return false;
    this.put(key, value, ttlMs);
    return true;
  }

  async delete(key: string): Promise<boolean> {
    const existed = this.values.get(key) !== undefined;
    this.values.delete(key);
    return existed;
  }

  async increment(key: string, by: number, ttlMs: number): Promise<Counted> {
    const counter = this.counters.get(key);
    if (counter === undefined) {
      if (ttlMs > 0) this.counters.set(key, { value: by }, { ttl: ttlMs });
      return { value: by, expiresInMs: Math.max(0, ttlMs) };
    }
    counter.value += by;
    return { value: counter.value, expiresInMs: Math.max(0, this.counters.getRemainingTTL(key)) };
  }

  lock(key: string, options: LockOptions): Promise<Lock | undefined> {
    return this.queues.lock(key, options);
  }

  /** Not heard before the caller's turn is over, as from a server. */
  async publish(channel: string, message: string): Promise<void> {
    queueMicrotask(() => this.channels.tell(channel, message));
  }

  async subscribe(
    channel: string,
    listener: Listener,
    { onGap }: SubscribeOptions = {},
  ): Promise<Subscription> {
    const remove = this.channels.add(channel, listener, onGap);
    return { close: async () => remove() };
  }

  async close(): Promise<void> {
    this.queues.rejectAll(new StoreUnavailableError('the store is closed'));
    this.channels.clear();
    this.locks.clear();
    this.values.clear();
    this.counters.clear();
  }

  /** A ttl of 0 would be none at all to lru-cache. */
  private put(key: string, value: string, ttlMs: number): void {
    if (ttlMs > 0) this.values.set(key, value, { ttl: ttlMs });
    else this.values.delete(key);
  }
}
