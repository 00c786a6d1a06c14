import { ClientRedis, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { NobodyListensError } from './message-failure.js';
import { MessageRecord, recordSerializer } from './message-record.js';
import type { MessageUrl } from './read-message-url.js';
import { silentLogger } from './silent-logger.js';

/** How long a broker may take to close its end of a connection; ioredis then ends it, or waits for nothing. */
const goodbyeMs = 200;

/** An option of ioredis: every command is answered at once, and a broker that takes so long (ms) has stopped. */
const notInTypes = { socketTimeout: 10_000 };

/**
 * Requests by Redis's publish and subscribe. NestJS's own way of it leaves rejected commands to the process, which ends
 * of them, does not see that nobody listens, and unsubscribes from replies that others still wait for.
 */
export class RedisClient extends ClientRedis {
  lastError: unknown;
  protected override readonly logger = silentLogger;
  /** Reply channels; there is one for each pattern, and it is kept. */
  private readonly subscriptions = new Map<string, Promise<unknown>>();

  constructor(url: MessageUrl, connectTimeoutMs: number) {
    super({
      host: url.hostname,
      port: url.port,
      db: url.database,
      ...(url.username === undefined ? {} : { username: url.username }),
      ...(url.password === undefined ? {} : { password: url.password }),
      ...(url.tls ? { tls: { servername: url.hostname } } : {}),
      connectTimeout: connectTimeoutMs,
      keepAlive: 10_000,
      noDelay: true,
      ...notInTypes,
      disconnectTimeout: goodbyeMs,
      retryAttempts: 0,
      serializer: recordSerializer,
    });
  }

  toRecord(data: unknown, headers: Readonly<Record<string, string>>): MessageRecord {
    return new MessageRecord(data, headers);
  }

  /** What connecting is rejected with says only that the connection is closed. */
  override registerErrorListener(client: Redis): void {
    client.on('error', (error) => (this.lastError = error));
  }

  protected override publish(request: ReadPacket, callback: (reply: WritePacket) => void): () => void {
    const packet = this.assignPacketId(request);
    this.routingMap.set(packet.id, callback);
    this.deliver(packet.id, this.normalizePattern(packet.pattern), packet).catch((err: unknown) =>
      callback({ err }),
    );
    return () => void this.routingMap.delete(packet.id);
  }

  drop(): Promise<void> {
    for (const client of [this.pubClient, this.subClient]) client?.disconnect();
    return Promise.resolve();
  }

  /** Rejects when nobody has subscribed. (A node of a Redis cluster counts only its own subscribers.) */
  private async deliver(id: string, channel: string, packet: ReadPacket): Promise<void> {
    const text = JSON.stringify(this.serializer.serialize(packet));
    await this.subscribe(this.getReplyPattern(channel));
    if (!this.routingMap.has(id)) return;
    const receivers = await this.pubClient.publish(channel, text);
    if (receivers === 0) throw new NobodyListensError();
  }

  private subscribe(channel: string): Promise<unknown> {
    const known = this.subscriptions.get(channel);
    if (known !== undefined) return known;
    const subscription: Promise<unknown> = this.subClient.subscribe(channel);
    this.subscriptions.set(channel, subscription);
    subscription.catch(() => this.subscriptions.delete(channel));
    return subscription;
  }
}
