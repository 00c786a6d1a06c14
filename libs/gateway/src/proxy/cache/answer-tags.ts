import type { AnswerHead } from './to-keeping.js';

/** What services say an answer can be purged by; for the gateway, and for no caller. */
export const tagHeaders: readonly string[] = ['cache-tag', 'surrogate-key'];

const maxTags = 64;
export const tagSyntax = /^[\x21-\x2b\x2d-\x7e]{1,128}$/;

/**
 * The tags of one answer: the route's, with the values of its parameters, and the service's. Undefined when one of them
 * is none, or there are too many: what could not be purged is not kept.
 */
export function answerTags(
  templates: readonly string[],
  params: Readonly<Record<string, string>>,
  { headers }: AnswerHead,
): readonly string[] | undefined {
  const own = templates.map((tag) =>
    tag.replace(/:([A-Za-z]\w*)/g, (_all, name: string) => params[name] ?? ''),
  );
  const told = tagHeaders.flatMap((name) => (headers[name] ?? '').split(/[\s,]+/)).filter(Boolean);
  const tags = [...new Set([...own, ...told])];
  return tags.length <= maxTags && tags.every((tag) => tagSyntax.test(tag)) ? tags : undefined;
}

/** What answers are known by in the cache: three kinds of names that none can be mistaken for another. */
export const labelOf = {
  tag: (tag: string) => `tag ${tag}`,
  route: (name: string) => `route ${name}`,
  path: (path: string) => `path ${path}`,
};
