import type { NamedExamples } from './compose-example.js';

/** The values of an example by the names of their members; of several with one name, the one that comes first. */
export function namesIn(example: unknown): NamedExamples {
  const named = new Map<string, unknown>();
  gather(example, named);
  return named;
}

function gather(value: unknown, named: Map<string, unknown>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value) && isPlain(member) && !named.has(name)) named.set(name, member);
    gather(member, named);
  }
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
