import { headers as createHeaders } from '@nats-io/transport-node';
import {
  ClientNats,
  type NatsRecord,
  NatsRecordBuilder,
  NatsResponseJSONDeserializer,
  type ProducerDeserializer,
} from '@nestjs/microservices';
import { NatsGreeting } from './nats-greeting.js';
import type { MessageUrl } from './read-message-url.js';
import { silentLogger } from './silent-logger.js';

const nestJs = new NatsResponseJSONDeserializer();

/** Thrown out of NestJS's, an error would end the process. */
const replyDeserializer: ProducerDeserializer = {
  deserialize(message: unknown) {
    try {
      return nestJs.deserialize(message);
    } catch {
      return { id: '', err: 'no JSON', isDisposed: true };
    }
  },
};

/** Requests by NATS; the broker says at once when nobody listens. */
export class NatsClient extends ClientNats {
  protected override readonly logger = silentLogger;
  private greeting: NatsGreeting | undefined;

  constructor(
    private readonly url: MessageUrl,
    connectTimeoutMs: number,
  ) {
    const host = url.hostname.includes(':') ? `[${url.hostname}]` : url.hostname;
    super({
      servers: `${host}:${url.port}`,
      ...(url.username === undefined ? {} : { user: url.username }),
      ...(url.password === undefined ? {} : { pass: url.password }),
      timeout: connectTimeoutMs,
      reconnect: false,
      ignoreClusterUpdates: true,
      pingInterval: 5_000,
      maxPingOut: 2,
      deserializer: replyDeserializer,
    });
  }

  toRecord(data: unknown, headers: Readonly<Record<string, string>>): NatsRecord {
    const all = createHeaders();
    for (const name in headers) all.set(name, headers[name] ?? '');
    return new NatsRecordBuilder(data).setHeaders(all).build();
  }

  override async createClient(): ReturnType<ClientNats['createClient']> {
    this.greeting = new NatsGreeting(this.url.hostname, this.url.port);
    await this.greeting.heard;
    return super.createClient();
  }

  /** It ends with the connection, but a broker that has stopped to answer is not told of as one that has gone. */
  override async handleStatusUpdates(
    client: Parameters<ClientNats['handleStatusUpdates']>[0],
  ): Promise<void> {
    await super.handleStatusUpdates(client);
    this._status$.next('disconnected' as never);
  }

  async drop(): Promise<void> {
    this.greeting?.leave();
    await this.close();
  }
}
