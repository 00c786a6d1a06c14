type Reviver = (name: string, value: unknown, context?: { readonly source?: string }) => unknown;
/** TypeScript's types leave out what ES2026 adds. */
const json = JSON as unknown as {
  parse(text: string, reviver?: Reviver): unknown;
  stringify(value: unknown, replacer: (name: string, value: unknown) => unknown): string;
  rawJSON?(text: string): unknown;
};
const mayBeLarge = /\d{16}/;

/** Undefined: this is no JSON. With `exactIntegers` those beyond 2^53 are bigints, where the engine tells their digits. */
export function parse(text: string, exactIntegers = false): unknown {
  try {
    return exactIntegers && mayBeLarge.test(text) ? json.parse(text, toExact) : json.parse(text);
  } catch {
    return undefined;
  }
}

function toExact(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** As JSON.stringify; a bigint is the integer that it is, or its digits as text where the engine cannot write that. */
export function stringify(value: unknown): string {
  return json.stringify(value, (_name, member) => {
    if (typeof member !== 'bigint') return member;
    return json.rawJSON?.(String(member)) ?? String(member);
  });
}
