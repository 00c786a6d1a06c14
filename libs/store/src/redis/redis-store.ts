import { Cluster } from 'ioredis';
import type { Listener } from '../channels.js';
import {
  type Counted,
  type Lock,
  type LockOptions,
  type Store,
  StoreUnavailableError,
  type SubscribeOptions,
  type Subscription,
} from '../store.js';
import type { StoreUrl } from '../store-url.js';
import { RedisChannels } from './redis-channels.js';
import { RedisConnection } from './redis-connection.js';
import { RedisLocks } from './redis-locks.js';
import { toRedisOptions } from './redis-options.js';

export interface RedisStoreOptions {
  readonly url: StoreUrl;
  /** For one command; after that Redis counts as away. 250 unless told otherwise. */
  readonly timeoutMs?: number | undefined;
  /** Called once for each change; `why` names no secret. Must not throw. */
  readonly onChange?: ((isAvailable: boolean, why: string) => void) | undefined;
}

/** In Redis, shared by all who name the same one with the same prefix. Heals by itself. */
export class RedisStore implements Store {
  private readonly redis: RedisConnection;
  private readonly channels: RedisChannels;
  private readonly locks: RedisLocks;
  private readonly prefix: string;
  private readonly onChange: RedisStoreOptions['onChange'];
  /** What does not work, and why. */
  private readonly away = new Map<'commands' | 'messages', string>();

  /** Connects in the background; what is asked meanwhile waits for that, no longer than for an answer. */
  constructor({ url, timeoutMs, onChange }: RedisStoreOptions) {
    const options = toRedisOptions(url, timeoutMs);
    this.prefix = url.prefix;
    this.onChange = onChange;
    this.redis = new RedisConnection(
      options,
      () => this.tell('commands', undefined),
      (why) => this.tell('commands', why),
    );
    this.channels = new RedisChannels(
      options,
      () => this.tell('messages', undefined),
      (why) => this.tell('messages', why),
    );
    this.locks = new RedisLocks(url.prefix, this.redis, this.channels);
  }

  get isAvailable(): boolean {
    return this.away.size === 0;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.redis.ask((client) => client.get(this.nameOf(key)))) ?? undefined;
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    const name = this.nameOf(key);
    if (ttlMs > 0) await this.redis.ask((client) => client.set(name, value, 'PX', Math.ceil(ttlMs)));
    else await this.redis.ask((client) => client.del(name));
  }

  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    const name = this.nameOf(key);
    if (!(ttlMs > 0)) return (await this.redis.ask((client) => client.exists(name))) === 0;
    const put = await this.redis.ask((client) => client.set(name, value, 'PX', Math.ceil(ttlMs), 'NX'));
    return put === 'OK';
  }

  async compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    const name = this.nameOf(key);
    const lifeMs = Math.ceil(ttlMs);
    return (await this.redis.ask((client) => client.compareAndSet(name, expected, value, lifeMs))) === 1;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.redis.ask((client) => client.del(this.nameOf(key)))) === 1;
  }

  async increment(key: string, by: number, ttlMs: number): Promise<Counted> {
    const name = `${this.prefix}counter:${key}`;
    const lifeMs = Math.max(0, Math.ceil(ttlMs));
    const [value, expiresInMs] = await this.redis.ask((client) => client.count(name, by, lifeMs));
    return { value, expiresInMs };
  }

  lock(key: string, options: LockOptions): Promise<Lock | undefined> {
    return this.locks.lock(key, options);
  }

  async publish(channel: string, message: string): Promise<void> {
    const name = this.channelOf(channel);
    await this.redis.ask((client) =>
      client instanceof Cluster ? client.publishByKey(name, message) : client.publish(name, message),
    );
  }

  subscribe(channel: string, listener: Listener, { onGap }: SubscribeOptions = {}): Promise<Subscription> {
    return this.channels.subscribe(this.channelOf(channel), listener, onGap);
  }

  async close(): Promise<void> {
    this.locks.rejectAll(new StoreUnavailableError('the store is closed'));
    await Promise.all([this.channels.close(), this.redis.close()]);
  }

  private nameOf(key: string): string {
    return `${this.prefix}value:${key}`;
  }

  private channelOf(channel: string): string {
    return `${this.prefix}channel:${channel}`;
  }

  private tell(part: 'commands' | 'messages', whyAway: string | undefined): void {
    const wasAvailable = this.isAvailable;
    if (whyAway === undefined) this.away.delete(part);
    else this.away.set(part, whyAway);
    if (part === 'commands' && whyAway !== undefined)
      this.locks.rejectAll(new StoreUnavailableError(`Redis: ${whyAway}`));
    if (this.isAvailable !== wasAvailable) this.onChange?.(this.isAvailable, whyAway ?? 'it answers');
  }
}
