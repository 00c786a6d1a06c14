import type { ArgumentSource, PathTemplate, ProxyRoute } from '@bff/proxy';
import {
  GraphqlDocumentError,
  type GraphqlOperation,
  readGraphqlOperation,
  variableFromJson,
  ArgumentError,
} from '@bff/upstream';
import { z } from 'zod';
import { Argument, mistakeInSource, targetBeside, unusedBesideCall } from './argument-entry.js';

/** One GraphQL operation in place of what came. */
export const Graphql = z
  .strictObject({
    query: z.string().min(1).max(100_000).describe('One query or mutation, with its variables declared'),
    variables: z
      .record(z.string(), Argument)
      .default({})
      .describe('Where each comes from: { sku: path.sku, first: query.first, order: body, me: caller.id }'),
    result: z
      .string()
      .regex(/^\w+(\.\w+)*$/, 'expected the name of a field')
      .optional()
      .describe('The field of data that is the answer, e.g. product. Default: data'),
    whenNull: z.literal(404).optional().describe('404: a result of null is a 404. Default: null'),
    partial: z
      .boolean()
      .default(false)
      .describe('true: data with errors is an answer, and X-Incomplete names what is missing. Default false'),
  })
  .optional()
  .describe('Asks the upstream in GraphQL, and answers with JSON');

interface Entry {
  readonly upstream?: string | undefined;
  readonly match: { readonly path: PathTemplate; readonly methods?: readonly string[] | undefined };
  readonly access?: object | undefined;
  readonly graphql?: z.output<typeof Graphql>;
}

export function toGraphqlTarget({ upstream, graphql }: Entry): { target?: ProxyRoute['target'] } {
  if (upstream === undefined || graphql === undefined) return {};
  const { query: document, result, ...same } = graphql;
  return { target: { kind: 'graphql', upstream, document, result: result?.split('.') ?? [], ...same } };
}

type Add = (path: string[], message: string) => void;

/** For `superRefine`: what can be known before the service is asked. All of it at once. */
export function checkGraphql(entry: Entry & Record<string, unknown>, context: z.RefinementCtx): void {
  if (entry.graphql === undefined) return;
  const add: Add = (path, message) => context.addIssue({ code: 'custom', path, message });
  if (entry.upstream === undefined) add(['graphql'], targetBeside(entry));
  for (const key of unusedBesideCall(entry)) add([key], 'does nothing beside graphql; remove it');
  if (entry.match.methods === undefined)
    add(['match'], 'needs methods, such as [GET]: graphql is one operation');
  const operation = readOperation(entry.graphql.query, add);
  if (operation === undefined) return;
  if (operation.kind === 'mutation' && entry.match.methods?.some((one) => one === 'GET' || one === 'HEAD'))
    add(['graphql', 'query'], 'a mutation changes something, which GET must not (RFC 9110, section 9.2.1)');
  checkVariables(entry, operation, add);
}

function readOperation(document: string, add: Add): GraphqlOperation | undefined {
  try {
    return readGraphqlOperation(document);
  } catch (error) {
    if (!(error instanceof GraphqlDocumentError)) throw error;
    add(['graphql', 'query'], error.message);
    return undefined;
  }
}

function checkVariables({ graphql, ...entry }: Entry, { variables }: GraphqlOperation, add: Add): void {
  const given = graphql?.variables ?? {};
  for (const [name, source] of Object.entries(given)) {
    const declared = variables.get(name);
    const known = [...variables.keys()].map((one) => `$${one}`).join(', ') || 'none';
    const mistake =
      declared === undefined
        ? `the query declares no $${name} (it declares: ${known})`
        : (mistakeInSource(source, entry) ?? mistakeOfConstant(source, declared.type));
    if (mistake !== undefined) add(['graphql', 'variables', name], mistake);
  }
  for (const [name, { type, hasDefault }] of variables)
    if (type.isRequired && !hasDefault && !Object.hasOwn(given, name))
      add(['graphql', 'query'], `$${name} is required, and variables does not say where it comes from`);
}

function mistakeOfConstant(
  source: ArgumentSource,
  type: Parameters<typeof variableFromJson>[0],
): string | undefined {
  if (source.from !== 'constant') return undefined;
  try {
    variableFromJson(type, source.value);
    return undefined;
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return error.message;
  }
}
