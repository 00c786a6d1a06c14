import type { Change } from './change.js';
import { compareContracts } from './compare-contracts.js';

export type Definition = Readonly<Record<string, unknown>>;

/** A document with `POST /api/orders` in it. */
export function documentOf(operation: Definition, components: Definition = {}): object {
  return {
    openapi: '3.1.1',
    paths: { '/api/orders': { post: { responses: {}, ...operation } } },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }, ...components },
  };
}

/** Its answer has that schema. */
export function answering(schema: unknown, schemas: Definition = {}): object {
  const content = { 'application/json': { schema } };
  return documentOf({ responses: { 200: { content } } }, { schemas });
}

/** Its body has that schema. */
export function taking(schema: unknown, schemas: Definition = {}): object {
  const content = { 'application/json': { schema } };
  return documentOf({ requestBody: { required: true, content } }, { schemas });
}

/** An object whose properties must all be there, but for those that end in `?`. */
export function record(properties: Definition): Definition {
  const names = Object.keys(properties).filter((name) => !name.endsWith('?'));
  const all = Object.entries(properties).map(([name, schema]) => [name.replace(/\?$/, ''), schema]);
  return { type: 'object', properties: Object.fromEntries(all) as Definition, required: names };
}

export const list = (items: unknown): Definition => ({ type: 'array', items });

/** `kind severity where`, a line each. */
export function lines(changes: readonly Change[]): string[] {
  return changes.map(({ kind, severity, where }) => `${kind} ${severity} ${where}`);
}

/** What changes there and back, as lines. */
export function thereAndBack(before: object, after: object): readonly [there: string[], back: string[]] {
  return [lines(compareContracts(before, after)), lines(compareContracts(after, before))];
}
