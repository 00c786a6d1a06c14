import { readFileSync } from 'node:fs';
import { buildSchema, graphql } from 'graphql';
import { HttpFake } from './http-fake.js';

/** Resolvers of the root fields: `{ product: ({ sku }) => … }`. */
export type GraphqlFields = Readonly<Record<string, (variables: never) => unknown>>;

/** An HttpFake that executes GraphQL at `/graphql` against a schema file. */
export function startGraphqlFake(schemaPath: string, fields: GraphqlFields): Promise<HttpFake> {
  const schema = buildSchema(readFileSync(schemaPath, 'utf8'));
  return HttpFake.start(async ({ path, body }) => {
    if (path !== '/graphql') return undefined;
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    return graphql({ schema, source: query, rootValue: fields, variableValues: variables ?? {} });
  });
}
