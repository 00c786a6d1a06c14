import { type ArgumentSource, type HeaderRules, type PathTemplate, readArgumentSource } from '@bff/proxy';
import { z } from 'zod';

const noSource =
  'expected path.…, query.…, header.…, body, body.…, caller.id, .plan or .scopes, or { value: … }';

/** Where one argument of a call comes from. */
export const Argument = z
  .union(
    [
      z.string().refine((text) => readArgumentSource(text) !== undefined, noSource),
      z.number(),
      z.boolean(),
      z.strictObject({ value: z.json().describe('The same for all') }),
    ],
    { error: noSource },
  )
  .transform(toSource);

interface Entry {
  readonly match: { readonly path: PathTemplate; readonly methods?: readonly string[] | undefined };
  readonly access?: object | undefined;
}

/** What cannot be where it is said to come from. */
export function mistakeInSource(source: ArgumentSource, { match, access }: Entry): string | undefined {
  if (source.from === 'path' && !match.path.params.includes(source.name))
    return `"${match.path.text}" does not give :${source.name}`;
  if (source.from === 'caller' && access !== undefined && 'public' in access)
    return 'nobody is asked who he is on a public route';
  if (source.from === 'body' && match.methods?.every((one) => one === 'GET' || one === 'HEAD'))
    return 'GET has no body';
  return undefined;
}

/** What is about requests that are handed on. */
const unused = ['rewrite', 'query', 'mirror', 'transform', 'cache'] as const;

/** Keys of an entry that do nothing where its route is a call in data. */
export function unusedBesideCall(entry: Readonly<Record<string, unknown>>): string[] {
  const rest = [
    ...(entry['websocket'] === true ? ['websocket'] : []),
    ...(entry['cookies'] === 'pass' ? ['cookies'] : []),
    ...(changesHeaders(entry['requestHeaders']) ? ['requestHeaders'] : []),
  ];
  return [...unused.filter((key) => entry[key] !== undefined), ...rest];
}

function changesHeaders(rules: unknown): boolean {
  const { allow, deny = [], set = {} } = (rules ?? {}) as Partial<HeaderRules>;
  return allow !== undefined || deny.length > 0 || Object.keys(set).length > 0;
}

/** `upstream` is asked; what else an entry says of who answers. */
export function targetBeside({ split, static: fixed }: Readonly<Record<string, unknown>>): string {
  const other = [split !== undefined && 'split', fixed !== undefined && 'static'].find(Boolean);
  return other ? `needs upstream in place of ${other}` : 'needs upstream';
}

function toSource(given: string | number | boolean | { readonly value: unknown }): ArgumentSource {
  if (typeof given === 'object') return { from: 'constant', value: given.value };
  if (typeof given !== 'string') return { from: 'constant', value: given };
  return readArgumentSource(given) ?? { from: 'constant', value: given };
}
