import { ProblemError } from '@bff/problem';
import { z } from 'zod';
import { labelOf, tagSyntax } from '../proxy/cache/answer-tags.js';
import type { CachedAnswers } from '../proxy/cache/cached-answers.js';
import type { Action, Page } from './management-server.js';

const some = <T extends z.ZodType>(one: T) => z.array(one).max(100).default([]);

const Purge = z
  .strictObject({
    tags: some(
      z.string().regex(tagSyntax, 'expected a tag without blanks and commas, of 128 characters at most'),
    ),
    paths: some(
      z.string().regex(/^\/[^?#\s]{0,8191}$/, 'expected a path such as /api/books/1, without a query'),
    ),
    routes: some(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a route')),
  })
  .refine(({ tags, paths, routes }) => tags.length + paths.length + routes.length > 0, {
    error: 'needs tags, paths or routes',
  });

/** Ends kept answers of routes: by tag, by path (whatever the query, the host and the caller), or all of a route. */
export function purgeCache(answers: CachedAnswers): Action {
  return async (body): Promise<Page> => {
    const { data, error } = Purge.safeParse(body);
    if (data === undefined) {
      const errors = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      throw new ProblemError('invalid_request', undefined, { errors });
    }
    const labels = [
      ...data.tags.map(labelOf.tag),
      ...data.paths.map(labelOf.path),
      ...data.routes.map(labelOf.route),
    ];
    const { purged, areTold } = await answers.purge(labels);
    return { body: { purged, replicas: areTold ? 'told' : 'told when the store is back' } };
  };
}
