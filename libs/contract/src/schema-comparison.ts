import { compareLimits, compareValues } from './compare-values.js';
import { below, type Finding, inSchema, toFinding } from './finding.js';
import { objectOf, sideBySide, toText } from './json.js';
import type { Direction, ValueChange } from './severity.js';
import { pairVariants, type VariantPair } from './variant-pairs.js';
import type { VariantReader } from './variant-reader.js';
import type { Schema, Variant } from './variant.js';

type Variants = readonly Variant[];

/** Compares two schemas by what is valid against them, not by how they are written. */
export class SchemaComparison {
  private readonly known = new Map<string, readonly Finding[]>();

  constructor(
    private readonly before: VariantReader,
    private readonly after: VariantReader,
    private readonly direction: Direction,
  ) {}

  /** What a recursive schema meets of itself within itself is told once, where it was met first. */
  compare(before: Schema, after: Schema): readonly Finding[] {
    if (before === true && after === true) return [];
    const key = `${toText(before)}\n${toText(after)}`;
    const known = this.known.get(key);
    if (known) return known;
    this.known.set(key, []);
    const all = this.compareVariants(this.before.variantsOf(before), this.after.variantsOf(after));
    const findings = inSchema(commonReference(before, after), all);
    this.known.set(key, findings);
    return findings;
  }

  private compareVariants(before: Variants, after: Variants): readonly Finding[] {
    const types = compareTypes(before, after, this.direction);
    if (isAny(before) || isAny(after)) return types;
    const others = typesOf(after);
    const common = [...typesOf(before)].filter((type) => others.has(type));
    const inside = common.flatMap((type) => {
      const ofType = (variants: Variants): Variants => variants.filter((variant) => variant.type === type);
      return pairVariants(ofType(before), ofType(after)).flatMap((pair) =>
        below(pair.label, this.comparePair(pair)),
      );
    });
    return [...types, ...inside];
  }

  /** Where there is one form only, what it refers to is all that stands here. */
  private comparePair({ before, after, label }: VariantPair): readonly Finding[] {
    const findings = this.compareVariant(before, after);
    const same = label === '' && before?.reference === after?.reference;
    return same ? inSchema(before?.reference, findings) : findings;
  }

  private compareVariant(before: Variant | undefined, after: Variant | undefined): readonly Finding[] {
    if (!before) return [toFinding('variant-added', this.direction)];
    if (!after) return [toFinding('variant-removed', this.direction)];
    return [
      ...compareValues(before, after, this.direction),
      ...compareLimits(before, after, this.direction),
      ...this.compareFields(before, after),
      ...this.compareOtherFields(before, after),
      ...this.compareElements(before, after),
    ];
  }

  private compareFields(before: Variant, after: Variant): readonly Finding[] {
    return sideBySide(fieldsOf(before), fieldsOf(after)).flatMap(([name, one, other]) => {
      const [wasRequired, isRequired] = [before.required.has(name), after.required.has(name)];
      if (one === undefined || other === undefined)
        return below(`.${name}`, [this.field(other === undefined, isRequired)]);
      const presence = wasRequired === isRequired ? [] : [isRequired ? 'became-required' : 'became-optional'];
      const findings = presence.map((kind) => toFinding(kind as ValueChange, this.direction));
      return below(`.${name}`, [...findings, ...this.compare(one, other)]);
    });
  }

  /** New in an answer does no harm; in a request it does when it must be sent. */
  private field(removed: boolean, required: boolean): Finding {
    const told = { path: '', detail: '', before: '', after: required ? 'required' : '' };
    if (removed) return { kind: 'field-removed', severity: 'breaking', ...told };
    const severity = this.direction === 'request' && required ? 'breaking' : 'additive';
    return { kind: 'field-added', severity, ...told };
  }

  /** Fields of a record, or fields that the contract does not name. */
  private compareOtherFields(before: Variant, after: Variant): readonly Finding[] {
    const names = below('.{names}', this.compare(before.names, after.names));
    const [one, other] = [before.additional, after.additional];
    if ((one === false) === (other === false))
      return [...names, ...below('.{name}', this.compare(one, other))];
    const told = { path: '', detail: '', before: '', after: '' };
    if (one === false) return [...names, { kind: 'other-fields-allowed', severity: 'additive', ...told }];
    const severity = this.direction === 'request' || one !== true ? 'breaking' : 'additive';
    return [...names, { kind: 'other-fields-refused', severity, ...told }];
  }

  private compareElements(before: Variant, after: Variant): readonly Finding[] {
    const length = Math.max(before.prefix.length, after.prefix.length);
    const first = Array.from({ length }, (_, at) =>
      below(`[${at}]`, this.compare(before.prefix[at] ?? before.items, after.prefix[at] ?? after.items)),
    );
    return [...first.flat(), ...below('[]', this.compare(before.items, after.items))];
  }
}

function commonReference(before: Schema, after: Schema): string | undefined {
  const [one, other] = [objectOf(before)['$ref'], objectOf(after)['$ref']];
  return typeof one === 'string' && one === other ? one : undefined;
}

/** A field may be required without a word about what it is. */
function fieldsOf({ properties, required }: Variant): ReadonlyMap<string, Schema> {
  return new Map([...[...required].map((name) => [name, true] as const), ...properties]);
}

const isAny = (variants: Variants): boolean => variants.some(({ type }) => type === 'any');

/** Without null, which is told on its own. */
function typesOf(variants: Variants): ReadonlySet<Variant['type']> {
  return new Set(variants.map(({ type }) => type).filter((type) => type !== 'null'));
}

function compareTypes(before: Variants, after: Variants, direction: Direction): readonly Finding[] {
  const told = { before: wordsFor(before), after: wordsFor(after) };
  if (isAny(before) || isAny(after)) {
    if (isAny(before) === isAny(after)) return [];
    return [toFinding(isAny(after) ? 'type-widened' : 'type-narrowed', direction, told)];
  }
  const [types, others] = [typesOf(before), typesOf(after)];
  const gone = [...types].some((type) => !others.has(type));
  const added = [...others].some((type) => !types.has(type));
  const kind = gone && added ? 'type-changed' : added ? 'type-widened' : 'type-narrowed';
  const nullable = (variants: Variants): boolean => variants.some(({ type }) => type === 'null');
  const nulls = nullable(after) ? 'became-nullable' : 'no-longer-nullable';
  return [
    ...(gone || added ? [toFinding(kind, direction, told)] : []),
    ...(nullable(before) === nullable(after) ? [] : [toFinding(nulls, direction)]),
  ];
}

const words: Readonly<Record<string, string>> = { any: 'anything', array: 'list' };

function wordsFor(variants: Variants): string {
  const all = variants.map(({ type, whole }) => (whole ? 'integer' : (words[type] ?? type)));
  return all.length === 0 ? 'nothing' : [...new Set(all)].join(' or ');
}
