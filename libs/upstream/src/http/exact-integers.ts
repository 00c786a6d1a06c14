import { z } from 'zod';

const known = new WeakMap<z.ZodType, boolean>();

/**
 * Whether a schema has a place for integers beyond 2^53, which JSON.parse would round: `z.coerce.bigint()`, or
 * `z.coerce.string()`, which keeps their digits. Looked for once a schema.
 */
export function wantsExactIntegers(schema: z.ZodType): boolean {
  let wants = known.get(schema);
  if (wants === undefined) {
    wants = hasPlace(schema, new Set());
    known.set(schema, wants);
  }
  return wants;
}

function hasPlace(value: unknown, seen: Set<unknown>): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  if (Array.isArray(value)) return value.some((one) => hasPlace(one, seen));
  if (!(value instanceof z.ZodType)) return Object.values(value).some((one) => hasPlace(one, seen));
  const definition = value._zod.def as { type: string; coerce?: boolean };
  if (definition.type === 'bigint' || (definition.type === 'string' && definition.coerce === true))
    return true;
  return Object.values(definition).some((one) => hasPlace(one, seen));
}

/** As JSON.parse, but integers beyond 2^53 are bigints instead of rounded. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    return /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? '') : value;
  });
}
