import type { Change } from './change.js';
import type { Finding } from './finding.js';
import { contentOf, type Operation } from './operation.js';
import { type JsonObject, sideBySide } from './json.js';
import { type Place, toChange, toChanges } from './place.js';
import { SchemaComparison } from './schema-comparison.js';
import { toSchema, VariantReader } from './variant-reader.js';

/** What holds `content` or `schema`: a body, an answer, a parameter, a header. */
type Owner = readonly [operation: Operation, definition: JsonObject];

/** The schema of it, and that of every media type that is in both; media types that came or went. */
export function compareContent(place: Place, before: Owner, after: Owner): readonly Change[] {
  const contents = sideBySide(contentOf(before[1]), contentOf(after[1])).flatMap(([type, one, other]) => {
    const inside: Place = { ...place, where: `${place.where} ${type}` };
    if (one && other) return compareSchemas(inside, [before[0], one], [after[0], other], type);
    const [kind, severity] = one
      ? (['media-type-removed', 'breaking'] as const)
      : (['media-type-added', 'additive'] as const);
    return [toChange(inside, kind, severity, { detail: type })];
  });
  return [...compareSchemas(place, before, after, ''), ...contents];
}

/** `itemSchema` (OpenAPI 3.2) describes one element of a stream. */
function compareSchemas(place: Place, before: Owner, after: Owner, type: string): readonly Change[] {
  const readerOf = ([{ document }]: Owner): VariantReader =>
    new VariantReader(document, place.direction, isXml.test(type));
  const comparison = new SchemaComparison(readerOf(before), readerOf(after), place.direction);
  const [one, other] = [before[1], after[1]];
  const whole = comparison.compare(toSchema(one['schema']), toSchema(other['schema']));
  const items = comparison.compare(toSchema(one['itemSchema']), toSchema(other['itemSchema']));
  const inItems = items.map((finding) => ({ ...finding, path: `[]${finding.path}` }));
  const findings = [...whole, ...inItems];
  return toChanges(place, isStream.test(type) ? findings.map(asRecord) : findings);
}

const isXml = /[/+]xml(;|$)/;
const isStream = /\/(x-ndjson|jsonl|json-seq|event-stream)(;|$)/;

/** The records of a stream are like the fields of an object: a client passes over those that it does not know. */
function asRecord(finding: Finding): Finding {
  if (!/^(\[\])?\([^)]*\)$/.test(finding.path)) return finding;
  if (finding.kind === 'variant-added') return { ...finding, severity: 'additive' };
  return finding.kind === 'variant-removed' ? { ...finding, severity: 'breaking' } : finding;
}
