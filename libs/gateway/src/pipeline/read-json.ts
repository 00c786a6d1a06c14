import { ProblemError } from '@bff/problem';
import { findInValue } from './find-in-value.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** What a body may hold besides its bytes: limits as RFC 8259, section 9, allows them. */
export interface JsonLimits {
  /** How deep arrays and objects may nest. */
  readonly jsonDepth: number;
  /** How many values there may be: what checks a body costs far more for each of them than its bytes. */
  readonly jsonValues: number;
}

/**
 * The value of a JSON text in UTF-8: whatever RFC 8259 accepts, nothing else. Refused besides: what is beyond
 * `limits`, `__proto__` as a name, and text that has no form in UTF-8, which no service could be sent.
 * Throws `malformed_request`, `payload_too_large` or `invalid_request`.
 */
export function readJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  const text = decode(bytes);
  refuseExcess(text, limits);
  const value = parse(text);
  // The name can be written with escapes too, so it is looked for in what was parsed.
  if (/proto|\\u/i.test(text)) refuseProto(value);
  if (/\\ud[89a-f]/i.test(text)) refuseLoneSurrogates(value);
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

const [quote, comma, backslash] = [0x22, 0x2c, 0x5c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Counts brackets and commas without building anything, and no further than to a limit. */
function refuseExcess(text: string, { jsonDepth, jsonValues }: JsonLimits): void {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === backslash) index += 1;
      else if (character === quote) inString = false;
    } else if (character === quote) inString = true;
    else if (character === comma) values += 1;
    else if (character === closeArray || character === closeObject) depth -= 1;
    else if (character === openArray || character === openObject) {
      depth += 1;
      values += 1;
      if (depth > jsonDepth)
        throw new ProblemError('malformed_request', `The body is nested deeper than ${jsonDepth} levels.`);
    }
    if (values > jsonValues)
      throw new ProblemError('payload_too_large', `The body holds more than ${jsonValues} values.`);
  }
}

function refuseProto(value: unknown): void {
  if (findInValue(value, (one, name) => name === '__proto__') === undefined) return;
  throw new ProblemError('malformed_request', 'The name __proto__ is not allowed in a body.');
}

function refuseLoneSurrogates(value: unknown): void {
  const isIllFormed = (one: unknown, name: string) =>
    !name.isWellFormed() || (typeof one === 'string' && !one.isWellFormed());
  const path = findInValue(value, isIllFormed);
  if (path === undefined) return;
  const errors = [{ path: path.join('.').toWellFormed(), message: 'Invalid input: half a surrogate pair' }];
  throw new ProblemError('invalid_request', undefined, { errors });
}
