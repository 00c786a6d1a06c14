import { type FailureReason, UpstreamError } from '@bff/problem';
import { z } from 'zod';
import type { ReplicaCache } from '../cache/replica-store.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { HttpEngine } from '../http/http-engine.js';
import { checkMedia, jsonMedia, readJsonBody } from '../http/json.js';
import { readAnswer } from '../read-answer.js';
import type { Identities, UpstreamConfig } from '../upstream-options.js';
import { GraphqlError, toGraphqlFailure } from './graphql-failure.js';

const GraphqlAnswer = z.object({ data: z.unknown(), errors: z.array(GraphqlError).optional() });

/** Data of which parts may be missing, and why they are. */
export interface PartialData<T> {
  readonly data: T;
  /** `path` is where in `data` something is null that should not be, e.g. `products.3.price`. */
  readonly missing: readonly { readonly path: string; readonly reason: FailureReason }[];
}

/**
 * A service that speaks GraphQL over HTTP; at `/graphql` unless its URL says otherwise. Queries are safe: shared when
 * equal, tried again, hedged where that is on. Mutations are sent once.
 */
export class GraphqlUpstream {
  static readonly protocol = 'graphql';
  http: HttpEngine;
  private path: string;

  constructor(name: string, config: UpstreamConfig, identities: Identities, replicas?: ReplicaCache) {
    this.http = new HttpEngine(name, config, identities, replicas);
    this.path = this.http.prefix === '' ? '/graphql' : this.http.prefix;
  }

  /** `schema` describes `data`. Throws UpstreamError, also when the answer has data and errors. */
  query<S extends z.ZodType>(document: string, variables: object, schema: S): Promise<z.output<S>> {
    const { name } = this.http;
    return this.ask(document, variables, schema, ({ data, errors = [] }) => {
      const [first] = errors;
      if (first !== undefined) throw toGraphqlFailure(name, first);
      return readAnswer(name, schema, data);
    });
  }

  /**
   * As `query`, but takes what there is: where `schema` allows null, errors are told beside the data. Throws
   * UpstreamError when there is no data, or when something is missing that `schema` demands.
   */
  queryPartial<S extends z.ZodType>(
    document: string,
    variables: object,
    schema: S,
  ): Promise<PartialData<z.output<S>>> {
    const { name } = this.http;
    return this.ask(document, variables, schema, ({ data, errors = [] }) => {
      const [first] = errors;
      if (first !== undefined && !schema.safeParse(data).success) throw toGraphqlFailure(name, first);
      return { data: readAnswer(name, schema, data), missing: errors.map((error) => toMissing(name, error)) };
    });
  }

  /**
   * `data` as it came, for who hands it on: integers beyond 2^53 are bigints. Errors beside it are told where `partial`
   * allows them, else thrown. Throws UpstreamError, also when there is no data.
   */
  answer(document: string, variables: object, partial: boolean): Promise<PartialData<object>> {
    const { name } = this.http;
    return this.ask(document, variables, exactIntegers, ({ data, errors = [] }) => {
      const [first] = errors;
      const hasData = typeof data === 'object' && data !== null;
      if (first !== undefined && !(partial && hasData)) throw toGraphqlFailure(name, first);
      if (!hasData) throw new UpstreamError(name, 'bad_response', 'no data and no errors');
      return { data, missing: errors.map((error) => toMissing(name, error)) };
    });
  }

  adopt(fresh: GraphqlUpstream): HttpEngine {
    const before = this.http;
    this.http = fresh.http;
    this.path = fresh.path;
    return before;
  }

  state() {
    return this.http.state();
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async ask<R>(
    document: string,
    variables: object,
    schema: z.ZodType,
    read: (answer: z.output<typeof GraphqlAnswer>) => R,
  ): Promise<R> {
    const { name } = this.http;
    const body = JSON.stringify({ query: document, variables });
    const request = { method: 'POST', path: this.path, headers: jsonHeaders, body } as const;
    const reading = {
      check: this.check,
      read: (answer: HttpAnswer) => read(readAnswer(name, GraphqlAnswer, readJsonBody(name, answer, schema))),
    };
    return this.http.send(request, reading, { safe: isQuery(document) });
  }

  private readonly check = (answer: HttpAnswer): void => {
    const { name } = this.http;
    checkMedia(name, answer, jsonMedia);
    if (answer.body.length === 0) throw new UpstreamError(name, 'bad_response', 'an empty answer');
  };
}

const jsonHeaders = {
  accept: 'application/graphql-response+json, application/json;q=0.9',
  'content-type': 'application/json',
};

/** Stands for data of which nothing is known, but that its integers must stay as they are. */
const exactIntegers = z.coerce.bigint();

function toMissing(upstream: string, error: GraphqlError): { path: string; reason: FailureReason } {
  return { path: (error.path ?? []).join('.'), reason: toGraphqlFailure(upstream, error).reason };
}

/** Judged by its operations' keywords; whatever is not certain to be a query only is not taken for one. */
function isQuery(document: string): boolean {
  return !/\b(mutation|subscription)\b/.test(document);
}
