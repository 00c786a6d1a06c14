import type { Redis } from 'ioredis';
import { Channels, type Listener } from '../channels.js';
import { StoreUnavailableError, type Subscription } from '../store.js';
import { openSubscriber } from './open-redis.js';
import { describeFailure } from './redis-failure.js';
import { RedisLink } from './redis-link.js';
import type { RedisOptions } from './redis-options.js';
import { within } from './within.js';

/** What this process listens to, on one connection of its own that is opened when it is first needed. */
export class RedisChannels {
  private readonly channels = new Channels();
  private link: RedisLink<Redis> | undefined;
  private isClosed = false;

  constructor(
    private readonly options: RedisOptions,
    private readonly onUp: () => void,
    private readonly onDown: (why: string) => void,
  ) {}

  /** Resolves once messages arrive or, where they cannot for now, soon; then `onGap` is called once they do. */
  async subscribe(channel: string, listener: Listener, onGap?: () => void): Promise<Subscription> {
    if (this.isClosed) throw new StoreUnavailableError('Redis: the store is closed');
    let isPromised = false;
    const remove = this.channels.add(channel, listener, () => {
      if (isPromised) onGap?.();
    });
    const link = (this.link ??= this.openLink());
    await within(this.options.timeoutMs, 'no connection', link.tried).catch(() => undefined);
    await this.hear(link.client, channel);
    isPromised = true;
    return {
      close: async () => {
        remove();
        if (!this.channels.has(channel)) await link.client?.unsubscribe(channel).catch(() => undefined);
      },
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.channels.clear();
    await this.link?.close((client) => client.quit());
  }

  private openLink(): RedisLink<Redis> {
    const { url, stepTimeoutMs, connectTimeoutMs, timeoutMs } = this.options;
    return new RedisLink({
      open: () => {
        const client = openSubscriber(url, stepTimeoutMs);
        return client.on('message', (channel: string, message: string) =>
          this.channels.tell(channel, message),
        );
      },
      check: (client) => client.ping(),
      stepTimeoutMs,
      connectTimeoutMs,
      checkTimeoutMs: timeoutMs,
      onUp: (client) => void this.hearAll(client),
      onDown: this.onDown,
    });
  }

  private async hearAll(client: Redis): Promise<void> {
    const { names } = this.channels;
    if (!(await this.hear(client, ...names))) return;
    this.onUp();
    this.channels.tellGap();
  }

  /** False: they cannot be heard on that one, which is therefore given up. */
  private async hear(client: Redis | undefined, ...names: string[]): Promise<boolean> {
    if (client === undefined) return false;
    try {
      if (names.length > 0) await within(this.options.timeoutMs, 'no answer', client.subscribe(...names));
      return true;
    } catch (error) {
      this.link?.lose(client, describeFailure(error));
      return false;
    }
  }
}
