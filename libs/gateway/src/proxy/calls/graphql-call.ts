import type { Request, Response } from 'express';
import { ProblemError } from '@bff/problem';
import type { ResponseHeaders, RouteGraphql } from '@bff/proxy';
import { type GraphqlOperation, type GraphqlUpstream, readGraphqlOperation } from '@bff/upstream';
import { memberOf } from './member-of.js';
import { readVariables } from './read-variables.js';
import type { RouteCall } from './route-call.js';
import { toExactJson } from './to-exact-json.js';

interface CallOptions {
  readonly responseHeaders: ResponseHeaders;
  readonly maxBodyBytes: number;
}

/** One GraphQL operation, and the member of its data that is the answer. */
export class GraphqlCall implements RouteCall {
  private readonly operation: GraphqlOperation;

  constructor(
    private readonly call: RouteGraphql,
    private readonly upstream: GraphqlUpstream,
    private readonly options: CallOptions,
  ) {
    this.operation = readGraphqlOperation(call.document);
  }

  async answer(
    request: Request,
    response: Response,
    params: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { document, variables: sources, result, partial, whenNull } = this.call;
    const { maxBodyBytes, responseHeaders } = this.options;
    const variables = await readVariables(this.operation, sources, { request, params, maxBodyBytes });
    const { data, missing } = await this.upstream.answer(document, variables, partial);
    const value = memberOf(data, result) ?? null;
    if (value === null && whenNull === 404) throw new ProblemError('not_found');
    const body = Buffer.from(toExactJson(value));
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'no-store',
      ...(missing.length > 0 && { 'x-incomplete': toNames(missing) }),
    };
    response.writeHead(200, responseHeaders.toClient(Object.entries(headers).flat())).end(body);
  }
}

/** An answer may lack so many things that no header could hold their names. */
const maxNames = 20;

function toNames(missing: readonly { readonly path: string }[]): string {
  const names = new Set(missing.map(({ path }) => path.replaceAll(/[^\w.]/g, '') || 'data'));
  return [...names].slice(0, maxNames).join(', ');
}
