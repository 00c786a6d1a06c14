import type { UpstreamError } from '@bff/problem';
import { AttemptError } from '../engine/attempt.error.js';
import type { Connection } from '../targets/target.js';
import type { MessageCall, MessageRequest } from './message-call.js';
import { createMessageClient } from './message-client.js';
import { MessageLine } from './message-line.js';
import { type MessageUrl, readMessageUrl } from './read-message-url.js';
import { ReconnectDelay } from './reconnect-delay.js';

/** As long as connections of other protocols may take. */
const graceMs = 10_000;

/**
 * Requests and replies over messages, to a service or to the broker in front of it. It connects with the first request,
 * and again with the first one after it was lost; between attempts that fail it leaves some time, in which requests
 * fail at once.
 *
 * A request fails as `unreachable` as soon as its connection is lost, whatever the transport, and where NATS, Redis or
 * a missing queue of RabbitMQ says that nobody listens. It hangs until it is cancelled where a service has taken it
 * and died behind its broker, where RabbitMQ keeps it for a service that is not there, and where a service behind TCP
 * has stopped without closing its socket; a broker that does so is found out within 15 s.
 */
export class MessageConnection implements Connection {
  private readonly url: MessageUrl;
  private readonly delay = new ReconnectDelay();
  private line: MessageLine | undefined;
  private lastFailure: UpstreamError | undefined;
  private isClosed = false;

  /** Throws UpstreamSettingError. */
  constructor(
    private readonly upstream: string,
    url: string,
    private readonly connectTimeoutMs: number,
  ) {
    this.url = readMessageUrl(upstream, url);
  }

  /** For people: without user name and password. */
  get displayUrl(): string {
    return this.url.displayUrl;
  }

  /** Starts one request. It has no time limit of its own: whoever has waited enough cancels it. */
  send(call: MessageCall): MessageRequest {
    if (this.isClosed) return this.refuse('closed');
    if (this.line === undefined && !this.delay.isOver(performance.now()))
      return this.refuse(`waiting to connect again after ${this.lastFailure?.message}`);
    this.line ??= this.connect();
    return this.line.request(call);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.line?.close(graceMs);
  }

  private connect(): MessageLine {
    return new MessageLine({
      upstream: this.upstream,
      client: createMessageClient(this.url, this.connectTimeoutMs),
      connectTimeoutMs: this.connectTimeoutMs,
      onLost: (line, failure) => {
        this.line = undefined;
        this.lastFailure = failure;
        this.delay.lost(performance.now(), line.hasWorked);
      },
    });
  }

  private refuse(why: string): MessageRequest {
    const reply = Promise.reject(new AttemptError(this.upstream, 'unreachable', why, { retry: 'always' }));
    return { reply, cancel: () => undefined };
  }
}
