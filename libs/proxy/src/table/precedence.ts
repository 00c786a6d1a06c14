import type { PathTemplate } from './path-template.js';
import type { TableEntry } from './table-entry.js';

/**
 * Which of two entries is tried first: negative, the first one. By the path, segment by segment: its end, a literal, a
 * parameter, `**`; then with a host, with methods, with more conditions. 0: in the order in which they are given.
 */
export function comparePrecedence(one: TableEntry, other: TableEntry): number {
  return (
    comparePaths(one.path, other.path) ||
    compareText(one.host, other.host) ||
    rankOf(one.methods) - rankOf(other.methods) ||
    conditionsOf(other) - conditionsOf(one)
  );
}

function comparePaths(one: PathTemplate, other: PathTemplate): number {
  for (let at = 0; ; at += 1) {
    const difference = rankAt(one, at) - rankAt(other, at);
    if (difference !== 0) return difference;
    const [mine, theirs] = [one.segments[at], other.segments[at]];
    if (mine === undefined || theirs === undefined) return 0;
    if (mine.kind === 'literal' && theirs.kind === 'literal' && mine.key !== theirs.key)
      return mine.key < theirs.key ? -1 : 1;
  }
}

function rankAt({ segments, hasRest }: PathTemplate, at: number): number {
  const segment = segments[at];
  if (segment === undefined) return hasRest ? 3 : 0;
  return segment.kind === 'literal' ? 1 : 2;
}

/** What is there comes before what is not. */
function compareText(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0;
  if (one === undefined || other === undefined) return rankOf(one) - rankOf(other);
  return one < other ? -1 : 1;
}

function rankOf(condition: unknown): number {
  return condition === undefined ? 1 : 0;
}

function conditionsOf({ headers, query }: TableEntry): number {
  return headers.length + query.length;
}
