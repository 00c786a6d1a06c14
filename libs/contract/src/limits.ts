import { type JsonObject, type JsonType, toText } from './json.js';

/** A higher one lets less through. */
const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'];
/** A lower one lets less through. */
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'];

/** The keywords that narrow a type; each counts for the types it says something about (JSON Schema 2020-12). */
const keywords: Readonly<Record<JsonType, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format', 'contentEncoding', 'contentMediaType'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'format'],
  array: [
    'minItems',
    'maxItems',
    'uniqueItems',
    'contains',
    'minContains',
    'maxContains',
    'unevaluatedItems',
  ],
  object: ['minProperties', 'maxProperties', 'dependentRequired', 'dependentSchemas'],
  boolean: [],
  null: [],
  any: [],
};
const ofSomeType: ReadonlySet<string> = new Set(Object.values(keywords).flat());
const ofAnyType = ['not', 'if', 'then', 'else'];
const all: readonly string[] = [...ofSomeType, ...ofAnyType];

/** What they mean when they are not there. */
const defaults: JsonObject = { minLength: 0, minItems: 0, minProperties: 0, uniqueItems: false };

export type Limits = ReadonlyMap<string, unknown>;

/** The type that a limit says something about. */
export function typeOfLimit(name: string): JsonType {
  const [type] = Object.entries(keywords).find(([, names]) => names.includes(name)) ?? ['any'];
  return type as JsonType;
}

/** Those that count for a type. */
export function limitsOfType(limits: Limits, type: JsonType): Limits {
  if (limits.size === 0) return limits;
  return new Map([...limits].filter(([name]) => keywords[type].includes(name) || !ofSomeType.has(name)));
}

/** `xml` is a limit too where XML is written: it says what elements are called. */
export function readLimits(schema: JsonObject, xml: boolean): Limits {
  const wanted = xml ? [...all, 'xml'] : all;
  const present = wanted.filter((name) => schema[name] !== undefined && schema[name] !== defaults[name]);
  return new Map(present.map((name) => [name, schema[name]]));
}

/** What passes both. */
export function tightest(one: Limits, other: Limits): Limits {
  const merged = new Map(one);
  for (const [name, value] of other) {
    const known = one.get(name);
    if (known === undefined) merged.set(name, value);
    else if (toText(known) !== toText(value)) merged.set(name, tighter(name, known, value));
  }
  return merged;
}

/** Of limits that are not on one line both count: a list of them, in one order. */
function tighter(name: string, one: unknown, other: unknown): unknown {
  if (typeof one === 'number' && typeof other === 'number') {
    if (lowerBounds.includes(name)) return Math.max(one, other);
    if (upperBounds.includes(name)) return Math.min(one, other);
  }
  return [one, other].toSorted((a, b) => (toText(a) < toText(b) ? -1 : 1));
}

/** What became of a limit; undefined when nothing did. */
export function compareLimit(
  name: string,
  before: unknown,
  after: unknown,
): 'limit-tightened' | 'limit-loosened' | 'limit-changed' | undefined {
  if (toText(before) === toText(after)) return undefined;
  if (before === undefined) return 'limit-tightened';
  if (after === undefined) return 'limit-loosened';
  if (typeof before !== 'number' || typeof after !== 'number') return 'limit-changed';
  if (lowerBounds.includes(name)) return after > before ? 'limit-tightened' : 'limit-loosened';
  if (upperBounds.includes(name)) return after < before ? 'limit-tightened' : 'limit-loosened';
  return 'limit-changed';
}
