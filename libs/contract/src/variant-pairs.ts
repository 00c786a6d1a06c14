import { objectOf, toText } from './json.js';
import type { Schema, Variant } from './variant.js';

export interface VariantPair {
  /** Undefined: it was added. */
  readonly before: Variant | undefined;
  /** Undefined: it was removed. */
  readonly after: Variant | undefined;
  /** Which of several it is, as a part of a path: `(card)`; empty where there is only one. */
  readonly label: string;
}

/**
 * Finds for each variant the one it has become: by the values of the properties that tell them apart, by their name, by
 * the properties they share. The same pairs come out when before and after change places.
 */
export function pairVariants(before: readonly Variant[], after: readonly Variant[]): readonly VariantPair[] {
  const alone = before.length <= 1 && after.length <= 1;
  const candidates = before
    .flatMap((one, i) => after.map((other, j) => ({ i, j, score: alone ? 1 : likeness(one, other) })))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || distance(a) - distance(b) || a.i + a.j - b.i - b.j);
  const partners = new Map<number, number>();
  const taken = new Set<number>();
  for (const { i, j } of candidates) {
    if (partners.has(i) || taken.has(j)) continue;
    partners.set(i, j);
    taken.add(j);
  }
  const pairs = before.map((one, i) => pair(one, i, after, partners.get(i), alone));
  const added = after.flatMap((other, j) =>
    taken.has(j) ? [] : [{ before: undefined, after: other, label: alone ? '' : `(${labelOf(other, j)})` }],
  );
  return [...pairs, ...added];
}

function pair(
  before: Variant,
  i: number,
  others: readonly Variant[],
  j: number | undefined,
  alone: boolean,
): VariantPair {
  const after = j === undefined ? undefined : others[j];
  if (alone) return { before, after, label: '' };
  if (after === undefined || j === undefined) return { before, after, label: `(${labelOf(before, i)})` };
  const [one, other] = [labelOf(before, i), labelOf(after, j)];
  return { before, after, label: `(${one === other ? one : `#${Math.min(i, j) + 1}`})` };
}

const distance = ({ i, j }: { i: number; j: number }): number => Math.abs(i - j);

/** 0 when they cannot be the same. */
function likeness(one: Variant, other: Variant): number {
  if (one.type !== other.type || (one.values === undefined) !== (other.values === undefined)) return 0;
  const [tags, otherTags] = [tagsOf(one), tagsOf(other)];
  const common = [...tags].filter(([name]) => otherTags.has(name));
  if (common.some(([name, value]) => otherTags.get(name) !== value)) return 0;
  if (common.length > 0) return 4;
  if (one.name !== undefined && one.name === other.name) return 3;
  return one.type === 'object' ? shareOfNames(one, other) : 1 + Number(sameLimits(one, other));
}

function shareOfNames(one: Variant, other: Variant): number {
  const all = new Set([...one.properties.keys(), ...other.properties.keys()]);
  const shared = [...one.properties.keys()].filter((name) => other.properties.has(name));
  return all.size === 0 ? 1 : shared.length / all.size;
}

function sameLimits(one: Variant, other: Variant): boolean {
  return toText(Object.fromEntries(one.limits)) === toText(Object.fromEntries(other.limits));
}

/** The properties with one possible value, as JSON: `kind` of `{ kind: "card", … }`. */
function tagsOf({ properties }: Variant): ReadonlyMap<string, string> {
  return new Map([...properties].flatMap(([name, schema]) => constantOf(schema).map((text) => [name, text])));
}

function constantOf(schema: Schema): readonly string[] {
  const { const: constant, enum: values } = objectOf(schema);
  if (constant !== undefined) return [toText(constant)];
  return Array.isArray(values) && values.length === 1 ? [toText(values[0])] : [];
}

function labelOf(variant: Variant, at: number): string {
  const tags = [...tagsOf(variant).values()].join('+').replaceAll('"', '');
  return tags || (variant.name ?? `#${at + 1}`);
}
