import type { ExecutionContext } from '@nestjs/common';
import { type SchemaNode, toSchemaNode } from '@bff/views';
import { readRouteInputs } from '../management/route-inputs.js';

/** By handler: two gateways in one process may have controllers of the same name. */
const known = new WeakMap<object, { readonly schema: SchemaNode | undefined }>();

/** What a handler's `@Body({ schema })` is made of; undefined: it takes none, or any. Looked up once a handler. */
export function bodySchemaOf(execution: ExecutionContext): SchemaNode | undefined {
  const handler = execution.getHandler();
  let found = known.get(handler);
  if (found === undefined) {
    found = { schema: findSchema(execution.getClass(), handler.name) };
    known.set(handler, found);
  }
  return found.schema;
}

function findSchema(controller: object, method: string): SchemaNode | undefined {
  const body = readRouteInputs(controller, method).find(({ from, schema }) => from === 'body' && schema);
  return body?.schema && toSchemaNode(body.schema, 'input');
}
