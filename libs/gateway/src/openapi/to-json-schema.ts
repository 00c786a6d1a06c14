import { z } from 'zod';
import type { JsonSchema } from './document.js';

/** The largest that an `int32` can be. */
const maxInt32 = 2 ** 31 - 1;

/** What a zod schema lets through, as JSON Schema: after its transformations, or, for what comes in, before them. */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // Written as the integer that it is, however large.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'bigint') jsonSchema.type = 'integer';
    },
  });
  return complete(made as JsonSchema);
}

/** Adds what OpenAPI can say and zod does not: how wide an integer is, and what a list is called in XML. */
function complete(schema: JsonSchema): JsonSchema {
  const { id: _, ...inner } = mapSchemas(schema, complete);
  if (inner['type'] === 'integer') return withFormat(inner);
  if (inner['type'] === 'array') return withXml(inner);
  return inner;
}

function withFormat(schema: JsonSchema): JsonSchema {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const isNarrow = minimum >= -maxInt32 - 1 && maximum <= maxInt32;
  return { format: isNarrow ? 'int32' : 'int64', ...schema };
}

/** A list is an element around one element for each item (`item` unless declared otherwise). */
function withXml({ items = {}, ...schema }: JsonSchema): JsonSchema {
  return { xml: { wrapped: true }, ...schema, items: { xml: { name: 'item' }, ...items } };
}

const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const;
const maps = ['properties', '$defs', 'patternProperties'] as const;
const singles = ['items', 'additionalProperties', 'propertyNames', 'not'] as const;

/** The same schema with `map` applied to each schema directly in it. */
export function mapSchemas(schema: JsonSchema, map: (inner: JsonSchema) => JsonSchema): JsonSchema {
  const mapped: Record<string, unknown> = { ...schema };
  for (const key of lists)
    if (Array.isArray(schema[key])) mapped[key] = (schema[key] as JsonSchema[]).map(map);
  for (const key of maps) {
    const members = Object.entries((schema[key] ?? {}) as Record<string, JsonSchema>);
    if (schema[key] !== undefined)
      mapped[key] = Object.fromEntries(members.map(([name, member]) => [name, map(member)]));
  }
  for (const key of singles)
    if (typeof schema[key] === 'object') mapped[key] = map(schema[key] as JsonSchema);
  return mapped;
}
