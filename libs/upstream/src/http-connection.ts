import { UpstreamError } from '@bff/problem';
import { Pool } from 'undici';
import { toHttpFailure, toStatusFailure } from './http-failure.js';
import type { Attempt } from './upstream-engine.js';

/** The largest answer a view may be made from; proxied routes stream and know no such limit. */
const maxAnswerBytes = 8 * 1024 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** The sockets to one origin, and JSON over them. */
export class HttpConnection {
  private readonly pool: Pool;

  constructor(
    private readonly upstream: string,
    origin: string,
  ) {
    this.pool = new Pool(origin, {
      connections: 128,
      connect: { timeout: 1_000 },
      // Below the idle time of Node's own servers (5 s), so that it is us who closes an idle connection.
      keepAliveTimeout: 4_000,
      maxResponseSize: maxAnswerBytes,
      // The engine's own timer ends a call; these would be a second one for each.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** The parsed JSON of a 2xx answer; throws UpstreamError. */
  async exchange(request: HttpRequest, { headers, signal }: Attempt): Promise<unknown> {
    try {
      const answer = await this.pool.request({
        method: request.method,
        path: request.path,
        headers: { ...headers, accept: 'application/json', ...contentTypeOf(request) },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal,
      });
      if (answer.statusCode < 200 || answer.statusCode > 299) {
        await answer.body.dump();
        throw toStatusFailure(this.upstream, answer.statusCode);
      }
      return this.readJson(answer.headers['content-type'], await answer.body.text());
    } catch (thrown) {
      throw toHttpFailure(this.upstream, thrown);
    }
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private readJson(contentType: string | string[] | undefined, text: string): unknown {
    if (text === '') return undefined;
    if (!/^application\/([\w.-]+\+)?json\b/i.test(String(contentType))) {
      throw new UpstreamError(this.upstream, 'bad_response', `content type ${String(contentType)}`);
    }
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new UpstreamError(this.upstream, 'bad_response', 'invalid JSON', { cause });
    }
  }
}

function contentTypeOf({ body }: HttpRequest): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' };
}
