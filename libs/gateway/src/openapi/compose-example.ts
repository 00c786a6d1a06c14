import type { JsonSchema } from './document.js';

/** What values of that name look like elsewhere: for schemas that say nothing themselves. */
export type NamedExamples = ReadonlyMap<string, unknown>;

interface Sources {
  readonly find: (ref: string) => JsonSchema | undefined;
  readonly named?: NamedExamples | undefined;
}

const formats: Record<string, string> = {
  'date-time': '2026-11-02T11:03:00.000Z',
  date: '2026-11-02',
  time: '11:03:00',
  duration: 'PT5M',
  email: 'ada@example.com',
  uri: 'https://example.com',
  uuid: '0192f0c1-7b5e-7c3a-9d4e-2f6a8b1c3d5e',
};

/**
 * A value that fits a schema: what it declares (`examples`, `default`, `const`, the first of `enum`), else one by its
 * format or type. An object has all its members, a list as few items as it may, but one.
 */
export function composeExample(schema: JsonSchema, sources: Sources, name?: string): unknown {
  const declared = declaredBy(schema);
  if (declared !== undefined) return declared.value;
  if (schema.$ref !== undefined) return composeExample(sources.find(schema.$ref) ?? {}, sources, name);
  if (name !== undefined && sources.named?.has(name)) return sources.named.get(name);
  const alternative = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].find(({ type }) => type !== 'null');
  if (alternative !== undefined) return composeExample(alternative, sources, name);
  if (schema.allOf !== undefined)
    return Object.assign({}, ...schema.allOf.map((part) => composeExample(part, sources)));
  return byType(schema, sources);
}

function declaredBy({ examples, ...schema }: JsonSchema): { readonly value: unknown } | undefined {
  if (examples !== undefined && examples.length > 0) return { value: examples[0] };
  if (schema.default !== undefined) return { value: schema.default };
  if (schema.const !== undefined) return { value: schema.const };
  if (schema.enum !== undefined) return { value: schema.enum[0] };
  return undefined;
}

function byType(schema: JsonSchema, sources: Sources): unknown {
  const type = [schema.type ?? []].flat().find((one) => one !== 'null') ?? 'null';
  switch (type) {
    case 'object':
      return objectOf(schema, sources);
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () =>
        composeExample(schema.items ?? {}, sources),
      );
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return Math.min(Math.max(1, schema.minimum ?? 1), schema.maximum ?? 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function objectOf({ properties = {}, additionalProperties, propertyNames }: JsonSchema, sources: Sources) {
  const members = Object.entries(properties).map(([name, member]) => [
    name,
    composeExample(member, sources, name),
  ]);
  if (typeof additionalProperties === 'object' && members.length === 0) {
    const name = composeExample(propertyNames ?? { const: 'name' }, sources);
    members.push([String(name), composeExample(additionalProperties, sources)]);
  }
  return Object.fromEntries(members) as Record<string, unknown>;
}

function textOf({ format = '', minLength = 0, maxLength = Infinity }: JsonSchema): string {
  return formats[format] ?? 'text'.padEnd(minLength, 't').slice(0, maxLength);
}
