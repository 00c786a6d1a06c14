import { GraphQLError, Kind, type OperationDefinitionNode, parse, type TypeNode, visit } from 'graphql';
import { GraphqlDocumentError } from './graphql-document.error.js';
import type { VariableType } from './graphql-variable.js';

export interface GraphqlOperation {
  readonly kind: 'query' | 'mutation';
  /** By name, without `$`. */
  readonly variables: ReadonlyMap<string, DeclaredVariable>;
}

export interface DeclaredVariable {
  readonly type: VariableType;
  readonly hasDefault: boolean;
}

const maxTokens = 10_000;

/** Reads a document that is one query or one mutation. Throws GraphqlDocumentError. */
export function readGraphqlOperation(text: string): GraphqlOperation {
  const operation = onlyOperation(text);
  if (operation.operation === 'subscription')
    throw new GraphqlDocumentError('a subscription has no end, and a route answers once');
  const variables = (operation.variableDefinitions ?? []).map(
    ({ variable, type, defaultValue }) =>
      [variable.name.value, { type: toType(type), hasDefault: defaultValue !== undefined }] as const,
  );
  return { kind: operation.operation, variables: new Map(variables) };
}

function onlyOperation(text: string): OperationDefinitionNode {
  const document = parsed(text);
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const [operation, second] = operations;
  if (operation === undefined || second !== undefined)
    throw new GraphqlDocumentError(`expected one query or mutation, and there are ${operations.length}`);
  const declared = new Set((operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value));
  visit(document, {
    Variable({ name, loc }) {
      if (declared.has(name.value)) return;
      const line = loc?.startToken.line ?? 1;
      throw new GraphqlDocumentError(`line ${line} of it uses $${name.value}, which it does not declare`);
    },
  });
  return operation;
}

function parsed(text: string) {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const line = error.locations?.[0]?.line;
    throw new GraphqlDocumentError(
      line === undefined ? error.message : `line ${line} of it: ${error.message}`,
    );
  }
}

function toType(node: TypeNode, isRequired = false): VariableType {
  if (node.kind === Kind.NON_NULL_TYPE) return toType(node.type, true);
  if (node.kind === Kind.LIST_TYPE) return { of: toType(node.type), isRequired };
  return { name: node.name.value, isRequired };
}
