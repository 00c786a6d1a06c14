import { type Finding, toFinding } from './finding.js';
import { sideBySide, toText } from './json.js';
import { compareLimit } from './limits.js';
import type { Direction } from './severity.js';
import type { Variant } from './variant.js';

/** One finding for each value of an `enum` or `const` that came or went; more of an extensible one are expected. */
export function compareValues(before: Variant, after: Variant, direction: Direction): readonly Finding[] {
  const [one, other] = [before.values, after.values];
  const told = before.extensible ? { severity: 'additive' as const } : {};
  if (!one && !other) return [];
  if (!one) return [toFinding('values-closed', direction, { after: listed(other) })];
  if (!other) return [toFinding('values-opened', direction, { before: listed(one), ...told })];
  const only = (some: ReadonlySet<string>, rest: ReadonlySet<string>): string[] =>
    [...some].filter((value) => !rest.has(value));
  return [
    ...only(one, other).map((value) => toFinding('value-removed', direction, { detail: value })),
    ...only(other, one).map((value) => toFinding('value-added', direction, { detail: value, ...told })),
  ];
}

function listed(values: Variant['values']): string {
  return [...(values ?? [])].join(', ');
}

/** More of the same is nothing that a client does not know. */
const sizes = ['maxLength', 'maxItems', 'maxProperties'];

/** A list of values says all: what else limits it does not count. */
export function compareLimits(before: Variant, after: Variant, direction: Direction): readonly Finding[] {
  if (before.values || after.values) return [];
  const limits = sideBySide(before.limits, after.limits).flatMap(([name, one, other]) => {
    const kind = compareLimit(name, one, other);
    const harmless =
      kind === 'limit-loosened' && sizes.includes(name) ? { severity: 'additive' as const } : {};
    const told = { detail: name, before: shown(one), after: shown(other), ...harmless };
    return kind ? [toFinding(kind, direction, told)] : [];
  });
  if (before.whole === after.whole) return limits;
  const told = { before: wordFor(before), after: wordFor(after) };
  return [toFinding(before.whole ? 'type-widened' : 'type-narrowed', direction, told), ...limits];
}

const wordFor = ({ whole }: Variant): string => (whole ? 'integer' : 'number');

function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : toText(value);
}
