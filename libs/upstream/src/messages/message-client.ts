import type { Observable } from 'rxjs';
import type { MessageUrl } from './read-message-url.js';
import { NatsClient } from './nats-client.js';
import { RabbitMqClient } from './rabbit-mq-client.js';
import { RedisClient } from './redis-client.js';
import { TcpClient } from './tcp-client.js';

/** A client of NestJS that connects once: without its connection it is thrown away, not mended. */
export interface MessageClient {
  connect(): Promise<unknown>;
  /** Says `disconnected` when the connection is lost. */
  readonly status: Observable<string>;
  /** What last went wrong with the connection, where its own error says less. */
  readonly lastError?: unknown;
  /** Data and headers the way this transport carries them. */
  toRecord(data: unknown, headers: Readonly<Record<string, string>>): unknown;
  send(pattern: string, record: unknown): Observable<unknown>;
  /** Ends its connections now, whatever state they are in. */
  drop(): Promise<void>;
}

export function createMessageClient(url: MessageUrl, connectTimeoutMs: number): MessageClient {
  switch (url.transport) {
    case 'tcp':
      return new TcpClient(url);
    case 'redis':
      return new RedisClient(url, connectTimeoutMs);
    case 'nats':
      return new NatsClient(url, connectTimeoutMs);
    case 'rabbitmq':
      return new RabbitMqClient(url, connectTimeoutMs);
  }
}
