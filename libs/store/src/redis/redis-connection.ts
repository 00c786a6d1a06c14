import { Redis } from 'ioredis';
import { StoreUnavailableError } from '../store.js';
import { checkRedis } from './check-redis.js';
import { openRedis } from './open-redis.js';
import { describeFailure, meansAway } from './redis-failure.js';
import { RedisLink } from './redis-link.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisClient } from './redis-scripts.js';
import { within } from './within.js';

/** Asks Redis: every question is settled in its time, and at once while Redis is known to be away. */
export class RedisConnection {
  private readonly link: RedisLink<RedisClient>;
  private why = 'not reached so far';

  constructor(
    private readonly options: RedisOptions,
    onUp: () => void,
    onDown: (why: string) => void,
  ) {
    const { url, stepTimeoutMs, connectTimeoutMs, timeoutMs } = options;
    this.link = new RedisLink({
      open: () => openRedis(url, stepTimeoutMs),
      check: (client) => checkRedis(client, `${url.prefix}bff-store-check`),
      stepTimeoutMs,
      connectTimeoutMs,
      checkTimeoutMs: timeoutMs,
      onUp,
      onDown: (why) => onDown((this.why = why)),
    });
  }

  /** Rejects with StoreUnavailableError only. */
  async ask<T>(send: (client: RedisClient) => Promise<T>): Promise<T> {
    const client = this.link.client ?? (await this.firstClient());
    if (client instanceof Redis) writeTogether(client);
    try {
      return await within(this.options.timeoutMs, 'no answer', send(client));
    } catch (error) {
      const why = describeFailure(error);
      if (meansAway(error)) this.link.lose(client, why);
      throw new StoreUnavailableError(`Redis: ${why}`);
    }
  }

  /** What was asked before is answered before, where that does not take too long. */
  close(): Promise<void> {
    this.why = 'the store is closed';
    return this.link.close((client) => client.quit());
  }

  /** Whoever asks while the first connection is under way waits for it: nothing is known of this Redis yet. */
  private async firstClient(): Promise<RedisClient> {
    await within(this.options.timeoutMs, 'no connection', this.link.tried).catch(() => undefined);
    if (this.link.client === undefined) throw new StoreUnavailableError(`Redis: ${this.why}`);
    return this.link.client;
  }
}

/** What is asked in one turn of the event loop goes out in one write. */
function writeTogether({ stream }: Redis): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
