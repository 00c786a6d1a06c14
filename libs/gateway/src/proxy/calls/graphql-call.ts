import type { Request, Response } from 'express';
import { ProblemError } from '@bff/problem';
import type { RouteGraphql } from '@bff/proxy';
import {
  type DeclaredVariable,
  type GraphqlUpstream,
  readGraphqlOperation,
  variableFromJson,
  variableFromText,
} from '@bff/upstream';
import { memberOf } from './member-of.js';
import { type ArgumentTaker, readArguments } from './read-arguments.js';
import type { CallOptions, RouteCall } from './route-call.js';
import { sendJson } from './send-json.js';

/** One GraphQL operation, and the member of its data that is the answer. */
export class GraphqlCall implements RouteCall {
  private readonly takers: ReadonlyMap<string, ArgumentTaker>;

  constructor(
    private readonly call: RouteGraphql,
    private readonly upstream: GraphqlUpstream,
    private readonly options: CallOptions,
  ) {
    this.takers = new Map([...readGraphqlOperation(call.document).variables].map(toTaker));
  }

  async answer(
    request: Request,
    response: Response,
    params: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { document, variables: sources, result, partial, whenNull } = this.call;
    const { maxBodyBytes, responseHeaders } = this.options;
    const variables = await readArguments(this.takers, sources, { request, params, maxBodyBytes });
    const { data, missing } = await this.upstream.answer(document, variables, partial);
    const value = memberOf(data, result) ?? null;
    if (value === null && whenNull === 404) throw new ProblemError('not_found');
    sendJson(response, responseHeaders, value, {
      ...(missing.length > 0 && { 'x-incomplete': toNames(missing) }),
    });
  }
}

/** An answer may lack so many things that no header could hold their names. */
const maxNames = 20;

function toNames(missing: readonly { readonly path: string }[]): string {
  const names = new Set(missing.map(({ path }) => path.replaceAll(/[^\w.]/g, '') || 'data'));
  return [...names].slice(0, maxNames).join(', ');
}

function toTaker([name, { type, hasDefault }]: [string, DeclaredVariable]): [string, ArgumentTaker] {
  const taker: ArgumentTaker = {
    isRequired: type.isRequired && !hasDefault,
    fromText: (texts) => variableFromText(type, texts),
    fromJson: (value) => variableFromJson(type, value),
  };
  return [name, taker];
}
