import type { ContractDocument } from './contract-document.js';
import { isObject, type JsonObject, type JsonType, listOf, objectOf, toText } from './json.js';
import { readLimits } from './limits.js';
import type { Direction } from './severity.js';
import { anything, merge, ofType, type Schema, type Variant, withType } from './variant.js';

const types: readonly string[] = ['string', 'number', 'boolean', 'object', 'array', 'null'];

/** Reads the forms that a value may have from a schema, however it is written: two ways of saying one thing are one. */
export class VariantReader {
  constructor(
    private readonly document: ContractDocument,
    private readonly direction: Direction,
    /** Whether it describes XML. */
    private readonly xml: boolean,
  ) {}

  /** None when nothing is valid; `null` is one of them. */
  variantsOf(schema: Schema): readonly Variant[] {
    return withValuesInOne(this.read(schema, []).map(withType));
  }

  private read(schema: Schema, followed: readonly string[]): readonly Variant[] {
    if (schema === true) return [anything];
    if (schema === false) return [];
    const parts = [this.own(schema)];
    const reference = schema['$ref'];
    if (typeof reference === 'string') parts.push(this.referenced(reference, followed));
    for (const part of listOf(schema['allOf'])) parts.push(this.read(toSchema(part), followed));
    for (const union of [schema['anyOf'], schema['oneOf']].filter(Array.isArray)) {
      parts.push(union.flatMap((part) => this.read(toSchema(part), followed)));
    }
    return parts.reduce((all, part) => combine(all, part));
  }

  /** A reference that leads back to itself, with nothing in between, describes nothing. */
  private referenced(reference: string, followed: readonly string[]): readonly Variant[] {
    if (followed.includes(reference)) return [];
    const target = toSchema(this.document.find(reference));
    const name = decodeURIComponent(reference.slice(reference.lastIndexOf('/') + 1));
    return this.read(target, [...followed, reference]).map((variant) => ({ ...variant, name, reference }));
  }

  private own(schema: JsonObject): readonly Variant[] {
    const values = valuesOf(schema);
    return typesOf(schema, values).map((type) => {
      const known: JsonType = type === 'integer' ? 'number' : (type as JsonType);
      return ofType(known, {
        ...anything,
        type: known,
        whole: type === 'integer',
        values: valuesOfType(known, values),
        extensible: schema['x-extensible-enum'] !== undefined,
        limits: readLimits(schema, this.xml),
        ...this.object(schema),
        ...arrayOf(schema),
        name: typeof schema['title'] === 'string' ? schema['title'] : undefined,
      });
    });
  }

  /** What only answers have is not part of a request, and the reverse. */
  private object(schema: JsonObject): Partial<Variant> {
    const hidden = this.direction === 'request' ? 'readOnly' : 'writeOnly';
    const all = Object.entries(objectOf(schema['properties']));
    const shown = all.filter(([, property]) => objectOf(property)[hidden] !== true);
    const patterns = Object.entries(objectOf(schema['patternProperties']));
    const required = listOf(schema['required']).map(String);
    return {
      properties: new Map([
        ...shown.map(([name, property]) => [name, toSchema(property)] as const),
        ...patterns.map(([pattern, property]) => [`/${pattern}/`, toSchema(property)] as const),
      ]),
      required: new Set(
        required.filter((name) => objectOf(objectOf(schema['properties'])[name])[hidden] !== true),
      ),
      additional: toSchema(schema['additionalProperties'] ?? schema['unevaluatedProperties']),
      names: toSchema(schema['propertyNames']),
    };
  }
}

/** An empty schema says no more than `true`. */
export function toSchema(value: unknown): Schema {
  if (typeof value === 'boolean') return value;
  return isObject(value) && Object.keys(value).length > 0 ? value : true;
}

function arrayOf(schema: JsonObject): Partial<Variant> {
  return { prefix: listOf(schema['prefixItems']).map(toSchema), items: toSchema(schema['items']) };
}

/** From `const`, `enum` and, where that lists them itself, `x-extensible-enum`; undefined when none is there. */
function valuesOf(schema: JsonObject): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema['const']];
  return [schema['enum'], schema['x-extensible-enum']].find(Array.isArray);
}

function typesOf(schema: JsonObject, values: readonly unknown[] | undefined): readonly string[] {
  const { type } = schema;
  const listed = typeof type === 'string' ? [type] : listOf(type).map(String);
  if (listed.length > 0)
    return values ? listed.filter((one) => values.some((value) => fits(value, one))) : listed;
  return values ? [...new Set(values.map(typeOf))] : ['any'];
}

/** A boolean is one of two values, so that a literal is one of them. */
function valuesOfType(type: JsonType, values: readonly unknown[] | undefined): Variant['values'] {
  if (type === 'null' || type === 'any') return undefined;
  if (values) return new Set(values.filter((value) => typeOf(value) === type).map(toText));
  return type === 'boolean' ? new Set(['true', 'false']) : undefined;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return types.includes(typeof value) ? typeof value : 'any';
}

function fits(value: unknown, type: string): boolean {
  return typeOf(value) === (type === 'integer' ? 'number' : type);
}

function combine(some: readonly Variant[], others: readonly Variant[]): readonly Variant[] {
  return some.flatMap((one) => others.flatMap((other) => merge(one, other) ?? []));
}

/** Literals of one type, as a union of constants has them, become one list of values. */
function withValuesInOne(variants: readonly Variant[]): readonly Variant[] {
  const merged: Variant[] = [];
  for (const variant of variants) {
    const at = merged.findIndex(({ type, values }) => values && variant.values && type === variant.type);
    const known = merged[at];
    if (known === undefined) merged.push(variant);
    else merged[at] = { ...known, values: new Set([...(known.values ?? []), ...(variant.values ?? [])]) };
  }
  return merged.filter(
    ({ type }, at) => type !== 'null' || at === merged.findIndex((other) => other.type === 'null'),
  );
}
