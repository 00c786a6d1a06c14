import type { Request } from 'express';
import { currentContext } from '@bff/context';
import { type InputError, ProblemError } from '@bff/problem';
import type { ArgumentSource } from '@bff/proxy';
import { ArgumentError } from '@bff/upstream';
import { memberOf } from './member-of.js';
import { readJsonOf } from './read-json-of.js';

interface Given {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly maxBodyBytes: number;
}

/** What one argument of a call takes. Both throw ArgumentError. */
export interface ArgumentTaker {
  readonly isRequired: boolean;
  fromText(texts: readonly string[]): unknown;
  fromJson(value: unknown): unknown;
}

/**
 * The arguments of a call out of a request; what is not there is left out. Throws `invalid_request` with everything that
 * is wrong, and for the body what reading it throws.
 */
export async function readArguments(
  takers: ReadonlyMap<string, ArgumentTaker>,
  sources: Readonly<Record<string, ArgumentSource>>,
  given: Given,
): Promise<Record<string, unknown>> {
  const usesBody = Object.values(sources).some(({ from }) => from === 'body');
  const body = usesBody ? await readJsonOf(given.request, given.maxBodyBytes) : undefined;
  const errors: InputError[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(sources)) {
    const taker = takers.get(name);
    if (taker === undefined) continue;
    try {
      const value = valueOf(source, taker, given, body);
      if (value !== undefined) values[name] = value;
      else if (taker.isRequired) throw new ArgumentError('is required');
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      errors.push({ path: [placeOf(name, source), ...error.path].join('.'), message: error.message });
    }
  }
  if (errors.length > 0) throw new ProblemError('invalid_request', undefined, { errors });
  return values;
}

function valueOf(source: ArgumentSource, taker: ArgumentTaker, given: Given, body: unknown): unknown {
  if (source.from === 'constant') return taker.fromJson(source.value);
  if (source.from === 'body') {
    const value = memberOf(body, source.name === '' ? [] : source.name.split('.'));
    return value === undefined ? undefined : taker.fromJson(value);
  }
  const texts = textsOf({ from: source.from, name: source.name }, given);
  return texts.length === 0 ? undefined : taker.fromText(texts);
}

function textsOf(
  { from, name }: { from: 'path' | 'query' | 'header' | 'caller'; name: string },
  { request, params }: Given,
): readonly string[] {
  switch (from) {
    case 'path':
      return Object.hasOwn(params, name) ? [decoded(params[name] ?? '')] : [];
    case 'query':
      return new URL(request.url, 'http://gateway').searchParams.getAll(name);
    case 'header':
      return [request.get(name)].filter((text) => text !== undefined);
    case 'caller':
      return ofCaller(name);
  }
}

function ofCaller(name: string): readonly string[] {
  const caller = currentContext()?.caller;
  if (caller === undefined) return [];
  if (name === 'scopes') return [...caller.scopes];
  return [name === 'id' ? caller.id : caller.plan].filter((text) => text !== undefined);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ArgumentError('is not valid UTF-8');
  }
}

/** As whoever called knows it. */
function placeOf(argument: string, source: ArgumentSource): string {
  return source.from === 'constant' || source.name === '' ? argument : source.name;
}
