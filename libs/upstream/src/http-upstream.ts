import type { z } from 'zod';
import { HttpConnection } from './http-connection.js';
import type { EncodedPath } from './path.js';
import { readAnswer } from './read-answer.js';
import { readHttpUrl } from './read-url.js';
import { UpstreamEngine } from './upstream-engine.js';
import type { Identify, UpstreamConfig } from './upstream-options.js';

/** A service that speaks HTTP and JSON. Its methods throw UpstreamError or CallerGoneError. */
export class HttpUpstream {
  static readonly protocol = 'http';

  private readonly connection: HttpConnection;
  private readonly engine: UpstreamEngine;
  private readonly prefix: string;

  constructor(name: string, config: UpstreamConfig, identify: Identify) {
    const url = readHttpUrl(name, config.url);
    this.prefix = url.pathname.replace(/\/+$/, '');
    this.engine = new UpstreamEngine(name, config, identify);
    this.connection = new HttpConnection(name, url.origin);
  }

  get<S extends z.ZodType>(path: EncodedPath, schema: S): Promise<z.output<S>> {
    return this.engine.call(async (attempt) => {
      const answer = await this.connection.exchange(
        { method: 'GET', path: this.prefix + path.text },
        attempt,
      );
      return readAnswer(this.engine.name, schema, answer);
    });
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
