import type { z } from 'zod';
import { openEngine } from '../engine/open-engine.js';
import type { UpstreamCall } from '../engine/upstream-call.js';
import type { UpstreamEngine } from '../engine/upstream-engine.js';
import { readAnswer } from '../read-answer.js';
import { refuseUnused } from '../refuse-unused.js';
import type { Identities, UpstreamConfig } from '../upstream-options.js';
import { UpstreamSettingError } from '../upstream-setting.error.js';
import { splitUrls } from '../url-parts.js';
import { MessageConnection } from './message-connection.js';
import { readMessageUrl } from './read-message-url.js';

/** What a request does, for its pattern does not say. */
export interface MessageSemantics {
  /** Changes nothing: may be shared, tried again and hedged. */
  readonly safe?: boolean;
  /** May arrive twice without harm: may be tried again. */
  readonly idempotent?: boolean;
}

const connectTimeoutMs = 1_000;

/**
 * A service that answers messages, as `@nestjs/microservices` sends them over TCP, Redis, NATS or RabbitMQ. Throws
 * UpstreamError, CallerGoneError or AbandonedError.
 */
export class MessageUpstream {
  static readonly protocol = 'messages';
  private engine: UpstreamEngine<MessageConnection>;

  constructor(name: string, config: UpstreamConfig, identities: Identities) {
    refuseUnused(name, config, 'messages', ['cache', 'check', 'dns', 'tls', 'http2', 'maxAnswerBytes']);
    const urls = splitUrls(config.url);
    const endpoints = urls.map((url) => ({ ...readMessageUrl(name, url), url }));
    const places = new Set(endpoints.map(({ hostname, port }) => `${hostname}:${port}`));
    if (places.size < endpoints.length)
      throw new UpstreamSettingError(name, 'url', 'two of its URLs lead to the same host and port');
    this.engine = openEngine(name, config, identities, {
      endpoints,
      isResolved: false,
      open: ({ hostname, port }) => {
        const found = endpoints.find((one) => one.hostname === hostname && one.port === port);
        return new MessageConnection(name, found?.url ?? '', connectTimeoutMs);
      },
    });
  }

  /** Sends `data` under a pattern and waits for the reply. Sent once, unless it says that it may be sent again. */
  async request<S extends z.ZodType>(
    pattern: string,
    data: unknown,
    schema: S,
    { safe = false, idempotent = safe }: MessageSemantics = {},
  ): Promise<z.output<S>> {
    const call: UpstreamCall<MessageConnection, unknown> = {
      safe,
      idempotent,
      key: safe ? `${pattern}\n${JSON.stringify(data)}` : undefined,
      send: (attempt, connection) => {
        const { reply, cancel } = connection.send({ pattern, data, headers: attempt.headers });
        attempt.onCancel(cancel);
        return reply;
      },
    };
    return this.engine.call(call, (answer) => readAnswer(this.engine.name, schema, answer));
  }

  adopt(fresh: MessageUpstream): UpstreamEngine<MessageConnection> {
    const before = this.engine;
    this.engine = fresh.engine;
    return before;
  }

  state() {
    return this.engine.state();
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
