import { ProblemError } from '@bff/problem';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The value of a JSON text in UTF-8: whatever RFC 8259 accepts, nothing else. Refused besides: nesting beyond
 * `maxDepth`, and `__proto__` as a name. Throws `malformed_request`.
 */
export function readJson(bytes: Uint8Array, maxDepth: number): unknown {
  const text = decode(bytes);
  if (depthOf(text, maxDepth) > maxDepth) {
    throw new ProblemError('malformed_request', `The body is nested deeper than ${maxDepth} levels.`);
  }
  const value = parse(text);
  // The name can be written with escapes too, so it is looked for in what was parsed.
  if (/proto|\\u/i.test(text) && hasProto(value)) {
    throw new ProblemError('malformed_request', 'The name __proto__ is not allowed in a body.');
  }
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ProblemError('malformed_request', 'The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProblemError('malformed_request', 'The body is not valid JSON.');
  }
}

/** How deep brackets nest, counted without building anything; stops counting once above `enough`. */
function depthOf(text: string, enough: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length && deepest <= enough; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b || character === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (character === 0x5d || character === 0x7d) depth -= 1;
  }
  return deepest;
}

function hasProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '__proto__')) return true;
  return Object.values(value).some(hasProto);
}
