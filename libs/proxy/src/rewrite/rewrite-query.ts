import type { QueryRules } from '../route.js';

/** A query by the rules of its route; what they do not name stays byte for byte as it came. */
export function rewriteQuery({ set, remove }: QueryRules, query: string): string {
  const replaced = new Set([...remove, ...Object.keys(set)]);
  const kept = query
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !replaced.has(nameOf(pair)));
  const added = Object.entries(set).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const pairs = [...kept, ...added];
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** As forms encode it: `+` is a space. A name that is no UTF-8 stands for itself. */
function nameOf(pair: string): string {
  const end = pair.indexOf('=');
  const name = (end < 0 ? pair : pair.slice(0, end)).replaceAll('+', ' ');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
