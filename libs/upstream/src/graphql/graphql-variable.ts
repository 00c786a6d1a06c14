import { ArgumentError } from '../argument.error.js';

/** The type of a variable, as its operation declares it: one that has a name, or a list. */
export type VariableType = { readonly isRequired: boolean } & (
  { readonly name: string } | { readonly of: VariableType }
);

const maxInt = 2 ** 31;

/** Of a path, a query, a header: a list takes all that there is, anything else the only one. Throws ArgumentError. */
export function variableFromText(type: VariableType, texts: readonly string[]): unknown {
  if ('of' in type) return texts.map((text) => variableFromText(type.of, [text]));
  const [text = ''] = texts;
  if (texts.length > 1) throw new ArgumentError('is there more than once');
  if (type.name === 'Boolean')
    return text === 'true' || text === 'false' ? text === 'true' : refuse(type.name);
  if (type.name !== 'Int' && type.name !== 'Float') return text;
  const isNumber = /^-?\d{1,40}(\.\d{1,40})?(e[+-]?\d{1,3})?$/i.test(text);
  return variableFromJson(type, isNumber ? Number(text) : undefined);
}

/**
 * Of a body. Checked is what GraphQL itself defines (section 3.5 of its specification); all other types are the
 * service's own, and its to check. Throws ArgumentError.
 */
export function variableFromJson(type: VariableType, value: unknown): unknown {
  if (value === null && type.isRequired) throw new ArgumentError('must not be null');
  if (value === null) return null;
  if ('of' in type)
    return Array.isArray(value)
      ? value.map((one: unknown) => variableFromJson(type.of, one))
      : [variableFromJson(type.of, value)];
  return fits(type.name, value) ? value : refuse(type.name);
}

function fits(name: string, value: unknown): boolean {
  switch (name) {
    case 'Int':
      return Number.isInteger(value) && Number(value) >= -maxInt && Number(value) < maxInt;
    case 'Float':
      return Number.isFinite(value);
    case 'Boolean':
      return typeof value === 'boolean';
    case 'String':
      return typeof value === 'string';
    case 'ID':
      return typeof value === 'string' || Number.isSafeInteger(value);
    default:
      return value !== undefined;
  }
}

function refuse(name: string): never {
  throw new ArgumentError(`expected ${/^[AI]/.test(name) ? 'an' : 'a'} ${name}`);
}
