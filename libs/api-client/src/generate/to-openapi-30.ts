import { nameObjects } from './name-objects.js';
import type { OpenApiDocument, Schema } from './document.js';
import { withOpenEnums } from './open-enums.js';

type Json =
  string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };
type Members = Readonly<Record<string, Json>>;

/** Keywords of JSON Schema 2020-12 that OpenAPI 3.0 does not have and that say nothing about a type. */
const unknownTo30 = new Set(['propertyNames', 'examples', '$comment', 'contentMediaType', 'contentEncoding']);

/**
 * The same API for generators that read OpenAPI 3.0 only. Every object has a name, null is `nullable`, a constant is
 * an enumeration of one.
 */
export function toOpenApi30(given: OpenApiDocument): Members {
  const document = withOpenEnums(given);
  const { schemas } = document.components;
  const named = nameObjects(schemas);
  const rest = { ...document, components: { ...document.components, schemas: {} } } as unknown as Members;
  const written = Object.entries(named).map(([name, schema]) => [name, toSchema30(schema, named)]);
  const {
    components,
    info,
    jsonSchemaDialect: _dialect,
    webhooks: _webhooks,
    ...others
  } = walk(rest, named) as Members;
  const { license: _license, summary: _summary, ...plainInfo } = info as Members;
  return {
    ...others,
    openapi: '3.0.3',
    info: plainInfo,
    components: { ...(components as Members), schemas: Object.fromEntries(written) as Members },
  };
}

/** Everything that stands under `schema` is a schema; the rest stays as it is. */
function walk(value: Json, named: Readonly<Record<string, Schema>>): Json {
  if (Array.isArray(value)) return value.map((one: Json) => walk(one, named));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value as Members).map(([key, one]) => [
    key,
    key === 'schema' ? toSchema30(one as Schema, named) : walk(one, named),
  ]);
  return Object.fromEntries(members) as Members;
}

function toSchema30(schema: Schema, named: Readonly<Record<string, Schema>>): Members {
  if (schema.$ref !== undefined) return toReference30(schema.$ref, named);
  if (schema.anyOf?.some(isNull) === true) return toNullable30(schema.anyOf, named);
  const { type, const: constant, properties, items, additionalProperties, ...others } = schema;
  const inner = (one: Schema): Members => toSchema30(one, named);
  const types = [type ?? []].flat();
  const plain = types.filter((one) => one !== 'null');
  const entries = Object.entries(others).filter(([key]) => !unknownTo30.has(key));
  const members = entries.map(([key, one]) => [key, isChoice(key) ? (one as Schema[]).map(inner) : one]);
  return {
    ...(Object.fromEntries(members) as Members),
    ...(plain.length === 1 && { type: plain[0] }),
    ...(plain.length > 1 && { anyOf: plain.map((one) => ({ type: one })) }),
    ...(types.includes('null') && { nullable: true }),
    ...(constant !== undefined && { enum: [constant as Json] }),
    ...(properties && { properties: mapMembers(properties, inner) }),
    ...(items && { items: inner(items) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? inner(additionalProperties) : additionalProperties,
    }),
  };
}

/** `nullable` means nothing beside a reference, so that stands in a list of one. */
function toNullable30(anyOf: readonly Schema[], named: Readonly<Record<string, Schema>>): Members {
  const choices = anyOf.filter((one) => !isNull(one)).map((one) => toSchema30(one, named));
  return choices.length === 1 ? { allOf: choices, nullable: true } : { anyOf: choices, nullable: true };
}

const isNull = ({ type }: Schema): boolean => type === 'null';

/** A reference into a schema is replaced by what is there: few generators follow it. */
function toReference30(reference: string, named: Readonly<Record<string, Schema>>): Members {
  const [name = '', , property] = reference.replace('#/components/schemas/', '').split('/');
  const target = property === undefined ? undefined : named[name]?.properties?.[property];
  return target === undefined ? { $ref: reference } : toSchema30(target, named);
}

const isChoice = (key: string): boolean => key === 'oneOf' || key === 'anyOf' || key === 'allOf';

function mapMembers(members: Readonly<Record<string, Schema>>, map: (one: Schema) => Members): Members {
  return Object.fromEntries(Object.entries(members).map(([name, one]) => [name, map(one)]));
}
