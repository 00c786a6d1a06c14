import { UpstreamError } from '@bff/problem';
import { z } from 'zod';
import { HttpConnection } from './http-connection.js';
import { readAnswer } from './read-answer.js';
import { readHttpUrl } from './read-url.js';
import { UpstreamEngine } from './upstream-engine.js';
import type { Identify, UpstreamConfig } from './upstream-options.js';

const GraphqlAnswer = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** A service that speaks GraphQL over HTTP; at `/graphql` unless its URL says otherwise. */
export class GraphqlUpstream {
  static readonly protocol = 'graphql';

  private readonly connection: HttpConnection;
  private readonly engine: UpstreamEngine;
  private readonly path: string;

  constructor(name: string, config: UpstreamConfig, identify: Identify) {
    const url = readHttpUrl(name, config.url);
    this.path = url.pathname === '/' ? '/graphql' : url.pathname;
    this.engine = new UpstreamEngine(name, config, identify);
    this.connection = new HttpConnection(name, url.origin);
  }

  /** `schema` describes `data`. Throws UpstreamError; any GraphQL error makes the answer a bad response. */
  query<S extends z.ZodType>(query: string, variables: object, schema: S): Promise<z.output<S>> {
    return this.engine.call(async (attempt) => {
      const request = { method: 'POST', path: this.path, body: { query, variables } } as const;
      const answer = readAnswer(
        this.engine.name,
        GraphqlAnswer,
        await this.connection.exchange(request, attempt),
      );
      const message = answer.errors?.[0]?.message;
      if (message !== undefined) throw new UpstreamError(this.engine.name, 'bad_response', message);
      return readAnswer(this.engine.name, schema, answer.data);
    });
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
