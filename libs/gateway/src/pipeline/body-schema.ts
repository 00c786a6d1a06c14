import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/internal';
import { type SchemaNode, toSchemaNode } from '@bff/views';
import { z } from 'zod';

interface Argument {
  readonly schema?: unknown;
}

/** Nest's number for `@Body()`, which the names of arguments start with. */
const body = 3;
const known = new Map<string, SchemaNode | undefined>();

/** What a handler's `@Body({ schema })` is made of; undefined: it takes none, or any. Looked up once a handler. */
export function bodySchemaOf(execution: ExecutionContext): SchemaNode | undefined {
  const controller = execution.getClass();
  const handler = execution.getHandler().name;
  const key = `${controller.name}.${handler}`;
  if (!known.has(key)) known.set(key, findSchema(controller, handler));
  return known.get(key);
}

function findSchema(controller: object, handler: string): SchemaNode | undefined {
  const found: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler);
  for (const [name, { schema }] of Object.entries((found ?? {}) as Record<string, Argument>))
    if (name.startsWith(`${body}:`) && schema instanceof z.ZodType) return toSchemaNode(schema, 'input');
  return undefined;
}
