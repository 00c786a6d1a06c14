import type { Channel, Message } from 'amqplib';
import { ClientRMQ, type RmqRecord, RmqRecordBuilder } from '@nestjs/microservices';
import { NobodyListensError } from './message-failure.js';
import type { MessageUrl } from './read-message-url.js';
import { silentLogger } from './silent-logger.js';

/** How long a broker may take to confirm that a connection ends. */
const goodbyeMs = 500;

/** The socket behind a connection of amqplib. */
interface Connected {
  readonly connection?: { readonly stream?: { destroy(error: Error): void } };
}

/** Requests through one queue of RabbitMQ, replies by its direct reply-to. */
export class RabbitMqClient extends ClientRMQ {
  lastError: unknown;
  protected override readonly logger = silentLogger;
  private isDropped = false;
  private opening: Promise<void> | undefined;

  constructor(url: MessageUrl, connectTimeoutMs: number) {
    super({
      urls: [
        {
          protocol: url.tls ? 'amqps' : 'amqp',
          hostname: url.hostname,
          port: url.port,
          ...(url.username === undefined ? {} : { username: url.username }),
          ...(url.password === undefined ? {} : { password: url.password }),
          vhost: url.vhost,
        },
      ],
      queue: url.queue,
      queueOptions: { durable: url.durable },
      socketOptions: {
        connectionOptions: { timeout: connectTimeoutMs, noDelay: true },
        // Not used: a lost connection is thrown away. But a timer of that length outlives it.
        reconnectTimeInSeconds: 0.1,
      },
    });
  }

  /** A request that nobody has taken when its caller's time is over is dropped by the broker. */
  toRecord(data: unknown, headers: Readonly<Record<string, string>>): RmqRecord {
    const remainingMs = Number(headers['x-deadline-ms']);
    const expiration = Number.isFinite(remainingMs)
      ? { expiration: Math.max(0, Math.floor(remainingMs)) }
      : {};
    return new RmqRecordBuilder(data)
      .setOptions({ headers: { ...headers }, mandatory: true, ...expiration })
      .build();
  }

  /** NestJS asks for it twice, and would get two. */
  override createChannel(): Promise<void> {
    this.opening ??= this.openChannel();
    return this.opening;
  }

  override setupChannel(channel: Channel, resolve: () => void): Promise<void> {
    channel.on('error', (error: unknown) => this.lose(error));
    channel.on('close', () => this.lose(undefined));
    channel.on('return', ({ properties }: Message) => {
      const callback = this.routingMap.get(String(properties.correlationId));
      callback?.({ err: new NobodyListensError() });
    });
    return super.setupChannel(channel, resolve);
  }

  /** NestJS's own way stops where the channel is closed already, and leaves a connection that connects again. */
  async drop(): Promise<void> {
    const { client } = this;
    this.isDropped = true;
    this.handleClose();
    const connection: Connected | undefined = client?.connection;
    const cutOff = setTimeout(
      () => connection?.connection?.stream?.destroy(new Error('no goodbye')),
      goodbyeMs,
    );
    try {
      await client?.close();
    } finally {
      clearTimeout(cutOff);
    }
  }

  /** Unlike NestJS's: fails when the queue cannot be had, and is without confirmations, for which nobody waits. */
  private openChannel(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { client } = this;
      if (client === null) return reject(new Error('dropped'));
      const setup = (channel: Channel): Promise<void> => this.setupChannel(channel, resolve);
      const channel = client.createChannel({ json: false, confirm: false, setup });
      channel.on('error', (error: unknown) => {
        this.lose(error);
        reject(error);
      });
      this.channel = channel;
    });
  }

  private lose(error: unknown): void {
    if (this.isDropped) return;
    this.lastError ??= error;
    this._status$.next('disconnected' as never);
  }
}
