import type { PathTemplate } from '@bff/proxy';
import { z } from 'zod';
import { Duration } from './duration.js';
import { Size } from './size.js';

const defaultMaxBytes = 1_048_576;
/** A tenth of what all routes have together. */
const mostBytes = 6 * 1_048_576;
const parameter = /:([A-Za-z]\w*)/g;

const seconds = Duration.refine((ms) => ms % 1_000 === 0, 'expected whole seconds').transform(
  (ms) => ms / 1_000,
);

const Tag = z.string().regex(/^[\w.:/-]{1,128}$/, 'expected a tag such as books or book-:id');

export const Cache = z
  .strictObject({
    maxAge: seconds
      .optional()
      .describe('How long an answer is fresh; a service can only shorten it. Default: what the service says'),
    staleIfError: seconds.optional().describe('How long after that it stands in for a service that fails'),
    staleWhileRevalidate: seconds
      .optional()
      .describe('How long after that it is served while the service is asked again'),
    shared: z
      .boolean()
      .default(false)
      .describe('One answer for everybody, for public routes; else each caller has their own. Default false'),
    tags: z
      .array(Tag)
      .max(16)
      .default([])
      .describe('What answers can be purged by, with the parameters of the match: [books, book-:id]'),
    vary: z
      .array(z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'expected the name of a header'))
      .max(8)
      .default([])
      .describe('Request headers that tell answers apart, beside those of content negotiation'),
    maxBytes: Size.refine((bytes) => bytes <= mostBytes, 'expected 6MiB at most')
      .default(defaultMaxBytes)
      .describe('A larger answer is handed on, and not kept. Default 1MiB'),
  })
  .optional()
  .describe('Keeps answers to GET. Default: none is kept');

interface Cached {
  readonly cache?: z.output<typeof Cache>;
  readonly match?: { readonly path: PathTemplate } | undefined;
  readonly static?: unknown;
  readonly transform?: unknown;
  readonly cookies?: string | undefined;
  readonly access?: object | undefined;
}

/** For `superRefine`: what would hand one caller's answer to another, and keys that are nothing without another one. */
export function checkCache(entry: Cached, context: z.RefinementCtx): void {
  const { cache, match } = entry;
  if (cache === undefined) return;
  const add = (message: string, ...path: string[]): void =>
    context.addIssue({ code: 'custom', path: ['cache', ...path], message });
  if (entry.static !== undefined) add('needs upstream or split: a static answer is always there');
  if (entry.transform !== undefined) add('cannot be beside transform: such answers are not kept');
  if (entry.cookies === 'pass')
    add('needs cookies: none, for an answer to a cookie belongs to whoever has that cookie');
  const isPublic = entry.access !== undefined && 'public' in entry.access;
  if (cache.shared && !isPublic) add('needs access: { public: true }: callers have their own', 'shared');
  if (!cache.shared && isPublic)
    add('must be true on a public route, where nobody knows whose an answer is', 'shared');
  const given = match?.path.params ?? [];
  for (const [index, tag] of cache.tags.entries())
    for (const [, name = ''] of tag.matchAll(parameter))
      if (!given.includes(name)) add(`has :${name}, which the path does not give`, 'tags', String(index));
}

type Entry = NonNullable<z.output<typeof Cache>>;

export function toRouteCache({ maxAge, staleIfError, staleWhileRevalidate, vary, ...same }: Entry) {
  return {
    ...same,
    maxAgeSeconds: maxAge,
    staleIfErrorSeconds: staleIfError,
    staleWhileRevalidateSeconds: staleWhileRevalidate,
    vary: vary.map((name) => name.toLowerCase()),
  };
}
