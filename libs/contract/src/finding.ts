import type { ChangeKind, Severity } from './change.js';
import { type Direction, severityOf, type ValueChange } from './severity.js';

/** A change inside a schema, told from where the schema stands. */
export interface Finding {
  readonly kind: ChangeKind;
  readonly severity: Severity;
  /** `.orders[].total`; empty for the value itself. */
  readonly path: string;
  /** Which of several changes of this kind at this place: a value, the name of a limit. */
  readonly detail: string;
  /** How it was and how it is now, in words, where that is told. */
  readonly before: string;
  readonly after: string;
  /** The innermost named schema around it, and the path in there. */
  readonly schema?: { readonly name: string; readonly path: string };
}

export function toFinding(
  kind: ValueChange,
  direction: Direction,
  told: Partial<Omit<Finding, 'kind'>> = {},
): Finding {
  return {
    kind,
    severity: severityOf(kind, direction),
    path: '',
    detail: '',
    before: '',
    after: '',
    ...told,
  };
}

/** `#/components/schemas/Order/properties/lines` is `lines` of `Order`. */
const named = /^#\/components\/schemas\/([^/]+)((?:\/properties\/[^/]+)*)$/;

/** Says of findings that they are in the schema that a reference leads to, unless they are in another one in there. */
export function inSchema(reference: string | undefined, findings: readonly Finding[]): readonly Finding[] {
  const [, name, properties = ''] = named.exec(reference ?? '') ?? [];
  if (name === undefined) return findings;
  const start = properties.replaceAll('/properties/', '.');
  return findings.map((finding) => ({ schema: { name, path: start + finding.path }, ...finding }));
}

export function below(path: string, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, path: path + finding.path }));
}
