import { isDeepStrictEqual } from 'node:util';

/** One setting that is not what it was. Undefined: there was, or is, none. */
export interface ConfigChange {
  /** Dots between names: `routes.0.upstream`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const secretNames = /secret|password|^key$|^secrets$|^redisUrl$/i;
const hidden = '…';

/** What is different, at the innermost place; secrets are told by their names only. */
export function findConfigChanges(before: unknown, after: unknown, path = ''): ConfigChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isTree(before) || !isTree(after)) {
    const isSecret = path.split('.').some((name) => secretNames.test(name));
    return [isSecret ? { path, before: hidden, after: hidden } : { path, before, after }];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) =>
    findConfigChanges(before[name], after[name], path === '' ? name : `${path}.${name}`),
  );
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
