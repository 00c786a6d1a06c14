import protobuf from 'protobufjs';
import { isInstant, isWrapper, jsonNameOf, keyTypeOf, wideIntegers } from './proto-types.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The JSON of protobuf (ProtoJSON), to which a field without presence always belongs, with its default where it was not
 * sent; one with presence only when it was.
 */
export function messageToJson(type: protobuf.Type, message: object): Record<string, unknown> {
  const fields = message as Fields;
  const members = type.fieldsArray
    .filter(
      (field) => !hasPresence(field) || (Object.hasOwn(message, field.name) && fields[field.name] !== null),
    )
    .map((field) => [jsonNameOf(field), fieldToJson(field, fields[field.name])] as const);
  return Object.fromEntries(members);
}

/** A single message always has it, whatever the parser says. */
function hasPresence(field: protobuf.Field): boolean {
  if (field.repeated || field.map) return false;
  return field.hasPresence || field.resolvedType instanceof protobuf.Type;
}

function fieldToJson(field: protobuf.Field, value: unknown): unknown {
  if (field.repeated) return (value as unknown[]).map((one) => oneToJson(field, one));
  if (!field.map) return oneToJson(field, value);
  const entries = Object.entries(value as Fields).map(([key, one]) => [
    keyToText(field, key),
    oneToJson(field, one),
  ]);
  return Object.fromEntries(entries) as object;
}

/** Keys of 64 bits are kept as eight bytes. */
function keyToText(field: protobuf.Field, key: string): string {
  const keyType = keyTypeOf(field);
  if (!wideIntegers.has(keyType) || key.length !== 8) return key;
  const { lo, hi } = protobuf.util.LongBits.fromHash(key);
  const bits = (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
  const isUnsigned = keyType.startsWith('u') || keyType === 'fixed64';
  return String(isUnsigned ? bits : BigInt.asIntN(64, bits));
}

function oneToJson({ type, resolvedType }: protobuf.Field, value: unknown): unknown {
  if (resolvedType instanceof protobuf.Enum) return resolvedType.valuesById[Number(value)] ?? value;
  if (resolvedType instanceof protobuf.Type) return typeToJson(resolvedType, value as object);
  if (wideIntegers.has(type)) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (type === 'bytes') return '';
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function typeToJson(type: protobuf.Type, message: object): unknown {
  const value = type.fields['value'];
  if (isWrapper(type) && value) return oneToJson(value.resolve(), (message as Fields)['value']);
  if (isInstant(type, 'Timestamp')) return toTimestamp(partsOf(message));
  if (isInstant(type, 'Duration')) return toDuration(partsOf(message));
  return messageToJson(type, message);
}

function partsOf(message: object) {
  const { seconds, nanos } = message as Fields;
  return { seconds: BigInt(String(seconds)), nanos: Number(nanos) };
}

function toTimestamp({ seconds, nanos }: { seconds: bigint; nanos: number }): string {
  const text = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19);
  return `${text}${toFraction(nanos)}Z`;
}

function toDuration({ seconds, nanos }: { seconds: bigint; nanos: number }): string {
  const isNegative = seconds < 0n || nanos < 0;
  const whole = seconds < 0n ? -seconds : seconds;
  return `${isNegative ? '-' : ''}${whole}${toFraction(Math.abs(nanos))}s`;
}

/** None, or 3, 6 or 9 digits. */
function toFraction(nanos: number): string {
  const digits = String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,3}$/, '');
  return digits === '' ? '' : `.${digits}`;
}
