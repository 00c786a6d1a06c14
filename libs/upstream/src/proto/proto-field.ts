import protobuf from 'protobufjs';
import { ArgumentError } from '../argument.error.js';
import { integers, isInstant, isWrapper, jsonNameOf, keyTypeOf, wideIntegers } from './proto-types.js';

/** One field of a request. Both ways throw ArgumentError. */
export interface ProtoField {
  readonly isRequired: false;
  readonly typeName: string;
  /** Whether it can be read from a path, a query, a header. */
  readonly isText: boolean;
  /** A list takes all that there is, anything else the only one. */
  fromText(texts: readonly string[]): unknown;
  /** By the JSON of protobuf; null is a field that is not there. */
  fromJson(value: unknown): unknown;
}

export function toProtoField(field: protobuf.Field): ProtoField {
  field.resolve();
  return {
    isRequired: false,
    typeName: field.map ? `map of ${field.type}` : field.type,
    isText: !field.map && isText(field),
    fromText: (texts) => fromText(field, texts),
    fromJson: (value) => fromJson(field, value),
  };
}

function isText({ resolvedType }: protobuf.Field): boolean {
  if (!(resolvedType instanceof protobuf.Type)) return true;
  return (
    isWrapper(resolvedType) || isInstant(resolvedType, 'Timestamp') || isInstant(resolvedType, 'Duration')
  );
}

function fromText(field: protobuf.Field, texts: readonly string[]): unknown {
  if (field.repeated) return texts.map((text) => oneFromJson(field, textToJson(field, text)));
  const [text = ''] = texts;
  if (texts.length > 1) throw new ArgumentError('is there more than once');
  return oneFromJson(field, textToJson(field, text));
}

/** What JSON says without quotes. */
function textToJson({ type, resolvedType }: protobuf.Field, text: string): unknown {
  const scalar = resolvedType instanceof protobuf.Type ? resolvedType.fields['value']?.type : type;
  if (scalar === 'bool' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function fromJson(field: protobuf.Field, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (field.repeated) {
    if (!Array.isArray(value)) throw new ArgumentError('expected a list');
    return value.map((one: unknown, index) => inside(String(index), () => oneFromJson(field, one)));
  }
  if (!field.map) return oneFromJson(field, value);
  const entries = Object.entries(objectOf(value)).map(
    ([key, one]) =>
      [inside(key, () => keyOf(field, key)), inside(key, () => oneFromJson(field, one))] as const,
  );
  return Object.fromEntries(entries);
}

function keyOf(field: protobuf.Field, key: string): string {
  const keyType = keyTypeOf(field);
  if (keyType === 'bool' && key !== 'true' && key !== 'false')
    throw new ArgumentError('expected true or false');
  if (integers.has(keyType)) toInteger(keyType, key);
  return key;
}

function oneFromJson({ type, resolvedType }: protobuf.Field, value: unknown): unknown {
  if (value === null) throw new ArgumentError('must not be null');
  if (resolvedType instanceof protobuf.Enum) return toEnum(resolvedType, value);
  if (resolvedType instanceof protobuf.Type) return toMessage(resolvedType, value);
  return toScalar(type, value);
}

function toEnum({ values, valuesById }: protobuf.Enum, value: unknown): number {
  if (typeof value === 'string' && Object.hasOwn(values, value)) return values[value] ?? 0;
  if (typeof value === 'number' && Object.hasOwn(valuesById, value)) return value;
  throw new ArgumentError(`expected one of ${Object.keys(values).slice(0, 20).join(', ')}`);
}

function toMessage(type: protobuf.Type, value: unknown): unknown {
  const wrapped = type.fields['value'];
  if (isWrapper(type) && wrapped) return { value: toScalar(wrapped.type, value) };
  if (isInstant(type, 'Timestamp')) return toTimestamp(value);
  if (isInstant(type, 'Duration')) return toDuration(value);
  const known = new Map(
    type.fieldsArray.flatMap(
      (one) =>
        [
          [one.name, one],
          [jsonNameOf(one), one],
        ] as const,
    ),
  );
  const message: Record<string, unknown> = {};
  const chosen = new Set<protobuf.OneOf>();
  for (const [name, one] of Object.entries(objectOf(value))) {
    const field = known.get(name)?.resolve();
    if (field === undefined) throw new ArgumentError(`is no field of ${type.name}`, [name]);
    const read = inside(name, () => fromJson(field, one));
    if (read === undefined) continue;
    if (field.partOf !== null && chosen.has(field.partOf))
      throw new ArgumentError(`only one of ${field.partOf.oneof.join(', ')} can be there`, [name]);
    if (field.partOf !== null) chosen.add(field.partOf);
    message[field.name] = read;
  }
  return message;
}

function toScalar(type: string, value: unknown): unknown {
  if (integers.has(type)) return toInteger(type, value);
  if (type === 'double' || type === 'float') return toFloat(type, value);
  if (type === 'bool') return typeof value === 'boolean' ? value : refuse('true or false');
  if (typeof value !== 'string') return refuse(type === 'bytes' ? 'base64' : 'text');
  if (type !== 'bytes') return value;
  if (!/^[\w+/-]*={0,2}$/.test(value)) return refuse('base64');
  return Buffer.from(value, 'base64');
}

/** As a number or as text; of 64 bits as text, of which every digit counts. */
function toInteger(type: string, value: unknown): number | string {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !/^-?\d{1,20}$/.test(text)) return refuse(`an ${type}`);
  const bits = wideIntegers.has(type) ? 64 : 32;
  const number = BigInt(text);
  const isUnsigned = type.startsWith('u') || type.startsWith('f');
  if ((isUnsigned ? BigInt.asUintN(bits, number) : BigInt.asIntN(bits, number)) !== number)
    return refuse(`an ${type}`);
  return bits === 64 ? String(number) : Number(number);
}

function toFloat(type: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  const isNumber = typeof value === 'string' && /^-?\d{1,40}(\.\d{1,40})?(e[+-]?\d{1,3})?$/i.test(value);
  return isNumber ? Number(value) : refuse(`a ${type}`);
}

function toTimestamp(value: unknown): object {
  const syntax = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
  const [, whole = '', fraction = '', zone = ''] = syntax.exec(String(value)) ?? [];
  const ms = Date.parse(whole + zone);
  if (!Number.isFinite(ms)) return refuse('a time such as 2027-01-01T00:00:00Z');
  return { seconds: String(ms / 1_000), nanos: Number(fraction.padEnd(9, '0')) };
}

/** The most that protobuf's Duration takes: 10,000 years. */
const mostSeconds = 315_576_000_000;

function toDuration(value: unknown): object {
  const [matched, sign = '', seconds = '', fraction = ''] =
    /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(String(value)) ?? [];
  if (matched === undefined || Number(seconds) > mostSeconds) return refuse('a duration such as 1.5s');
  return { seconds: `${sign}${seconds}`, nanos: Number(`${sign}${fraction.padEnd(9, '0')}`) };
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : refuse('an object');
}

function inside<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new ArgumentError(error.message, [name, ...error.path]);
  }
}

function refuse(what: string): never {
  throw new ArgumentError(`expected ${what}`);
}
