import { type JsonObject, type JsonType, listOf, toText } from './json.js';
import { type Limits, limitsOfType, tightest, typeOfLimit } from './limits.js';

export type Schema = JsonObject | boolean;

/** One of the forms that a value may have: of one type, with everything that `allOf` and references say about it. */
export interface Variant {
  readonly type: JsonType;
  /** Of a number: an integer. */
  readonly whole: boolean;
  /** As JSON, when it is one of a list. */
  readonly values: ReadonlySet<string> | undefined;
  /** More values may come, and clients were told so (`x-extensible-enum`). */
  readonly extensible: boolean;
  readonly limits: Limits;
  readonly properties: ReadonlyMap<string, Schema>;
  readonly required: ReadonlySet<string>;
  /** Of properties that are not named. */
  readonly additional: Schema;
  /** Of the names of properties. */
  readonly names: Schema;
  /** Of the first elements, one for each. */
  readonly prefix: readonly Schema[];
  /** Of all other elements. */
  readonly items: Schema;
  /** What the document calls it. */
  readonly name: string | undefined;
  /** The `$ref` that led to it. */
  readonly reference: string | undefined;
}

export const anything: Variant = {
  type: 'any',
  whole: false,
  values: undefined,
  extensible: false,
  limits: new Map(),
  properties: new Map(),
  required: new Set(),
  additional: true,
  names: true,
  prefix: [],
  items: true,
  name: undefined,
  reference: undefined,
};

/** What is both (`allOf`); undefined when nothing can be. */
export function merge(one: Variant, other: Variant): Variant | undefined {
  if (one.type !== 'any' && other.type !== 'any' && one.type !== other.type) return undefined;
  return ofType(one.type === 'any' ? other.type : one.type, {
    type: 'any',
    whole: one.whole || other.whole,
    values: inBoth(one.values, other.values),
    extensible: one.extensible || other.extensible,
    limits: tightest(one.limits, other.limits),
    properties: mergeProperties(one.properties, other.properties),
    required: new Set([...one.required, ...other.required]),
    additional: both(one.additional, other.additional),
    names: both(one.names, other.names),
    prefix: mergePrefix(one, other),
    items: both(one.items, other.items),
    name: one.name ?? other.name,
    reference: one.reference ?? other.reference,
  });
}

/** Of that type, with only what says something about it. */
export function ofType(type: JsonType, variant: Variant): Variant {
  if (type === 'any') return variant;
  const { properties, required, additional, names, prefix, items } = variant;
  return {
    ...anything,
    type,
    whole: variant.whole,
    values: variant.values,
    extensible: variant.extensible,
    limits: limitsOfType(variant.limits, type),
    ...(type === 'object' && { properties, required, additional, names }),
    ...(type === 'array' && { prefix, items }),
    name: variant.name,
    reference: variant.reference,
  };
}

/** A schema that leaves the type open is read as one of the type it speaks of. */
export function withType(variant: Variant): Variant {
  if (variant.type !== 'any') return variant;
  const { properties, required, additional, names, prefix, items, limits } = variant;
  const object = properties.size + required.size > 0 || additional !== true || names !== true;
  const array = prefix.length > 0 || items !== true;
  const limited = [...limits.keys()].map(typeOfLimit).find((type) => type !== 'any') ?? 'any';
  return ofType(object ? 'object' : array ? 'array' : limited, variant);
}

function inBoth(one: Variant['values'], other: Variant['values']): Variant['values'] {
  return one && other ? new Set([...one].filter((value) => other.has(value))) : (one ?? other);
}

function mergeProperties(
  one: ReadonlyMap<string, Schema>,
  other: ReadonlyMap<string, Schema>,
): Map<string, Schema> {
  const merged = new Map(one);
  for (const [name, schema] of other) merged.set(name, both(one.get(name) ?? true, schema));
  return merged;
}

function mergePrefix(one: Variant, other: Variant): Schema[] {
  const length = Math.max(one.prefix.length, other.prefix.length);
  return Array.from({ length }, (_, at) =>
    both(one.prefix[at] ?? one.items, other.prefix[at] ?? other.items),
  );
}

/** The parts are kept flat and once each, so that a recursive schema comes back to what it was. */
function both(one: Schema, other: Schema): Schema {
  if (one === false || other === false) return false;
  if (one === true) return other;
  if (other === true) return one;
  const parts = new Map([...partsOf(one), ...partsOf(other)].map((part) => [toText(part), part]));
  return parts.size === 1 ? one : { allOf: [...parts.values()] };
}

function partsOf(schema: JsonObject): readonly unknown[] {
  return Object.keys(schema).join() === 'allOf' ? listOf(schema['allOf']) : [schema];
}
