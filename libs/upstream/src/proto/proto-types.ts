import protobuf from 'protobufjs';

/** Of 64 bits: text in JSON, for no number of JavaScript holds all of them. */
export const wideIntegers = new Set(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64']);
export const integers = new Set(['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32', ...wideIntegers]);

const wellKnown = '.google.protobuf.';
/** Messages of one field `value`, which stand for a scalar that may be absent. */
const wrappers = /^\.google\.protobuf\.(Double|Float|U?Int64|U?Int32|Bool|String|Bytes)Value$/;
const told = new Set(['Timestamp', 'Duration', 'Empty', 'NullValue'].map((name) => wellKnown + name));

export function isWrapper(type: protobuf.Type): boolean {
  return wrappers.test(type.fullName);
}

export function isInstant(type: protobuf.Type, name: 'Timestamp' | 'Duration'): boolean {
  return type.fullName === wellKnown + name;
}

export function jsonNameOf({ name, options }: protobuf.Field): string {
  const given: unknown = options?.['json_name'];
  return typeof given === 'string' ? given : name;
}

/** A well-known type somewhere in a message that has a JSON of its own, which is not spoken here: Any, Struct, … */
export function hasNoJson(type: protobuf.Type, seen = new Set<protobuf.Type>()): string | undefined {
  if (seen.has(type)) return undefined;
  seen.add(type);
  if (type.fullName.startsWith(wellKnown))
    return told.has(type.fullName) || isWrapper(type) ? undefined : type.fullName.slice(1);
  for (const field of type.fieldsArray) {
    const { resolvedType } = field.resolve();
    const odd = resolvedType instanceof protobuf.Type ? hasNoJson(resolvedType, seen) : undefined;
    if (odd !== undefined) return odd;
  }
  return undefined;
}

/** Of a map's keys. */
export function keyTypeOf(field: protobuf.Field): string {
  return field instanceof protobuf.MapField ? field.keyType : '';
}
