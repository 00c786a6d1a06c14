import { ProblemError } from '@bff/problem';
import type { Request } from 'express';
import type { View } from '../view.js';
import { type SchemaNode, schemaNodeOf } from './schema-node.js';

/** Names of members, and what is wanted of them; undefined: all of it. */
type Selection = ReadonlyMap<string, Selection | undefined>;
export type { Selection };

const parameter = 'fields';
const maxListed = 200;
const maxListedDepth = 4;

/** False where it is certain that it does not: most requests. */
export function asksForFields({ url }: Request): boolean {
  return url.includes(parameter);
}

/**
 * What `?fields=user.name,orders.id` asks for; undefined: everything. A name stands for all that is in it; lists are
 * looked through. Throws `invalid_request` for what the view does not have, with what it has.
 */
export function readSelection(view: View, request: Request): Selection | undefined {
  if (!asksForFields(request)) return undefined;
  const query = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1));
  const names = query
    .getAll(parameter)
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) return undefined;
  const root = schemaNodeOf(view);
  const unknown = names.filter((name) => isMeta(name) || !root.has(name.split('.')));
  if (unknown.length > 0) throw unknownFields(root, unknown);
  return names.reduce((selection, name) => add(selection, name.split('.')), new Map() as Wanted);
}

/** What of `value` is wanted. */
export function select(value: unknown, selection: Selection | undefined): unknown {
  if (selection === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => select(item, selection));
  const members = Object.entries(value).filter(([name]) => selection.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, select(member, selection.get(name))]));
}

type Wanted = Map<string, Wanted | undefined>;

function add(wanted: Wanted, [name = '', ...rest]: readonly string[]): Wanted {
  const known = wanted.get(name);
  if (rest.length === 0 || (wanted.has(name) && known === undefined)) return wanted.set(name, undefined);
  return wanted.set(name, add(known ?? new Map(), rest));
}

/** It tells of the whole answer, and comes as it does without a selection. */
function isMeta(name: string): boolean {
  return name === '_meta' || name.startsWith('_meta.');
}

function unknownFields(root: SchemaNode, unknown: readonly string[]): ProblemError {
  const names = root.names(maxListedDepth).filter((name) => !isMeta(name));
  const listed = names.slice(0, maxListed).join(', ') + (names.length > maxListed ? ', …' : '');
  const errors = unknown.map((name) => ({ path: parameter, message: `there is no "${name.slice(0, 100)}"` }));
  return new ProblemError('invalid_request', `The fields of this endpoint are: ${listed}.`, { errors });
}
