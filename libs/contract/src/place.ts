import type { Change, ChangeKind, Severity } from './change.js';
import type { Finding } from './finding.js';
import { messages } from './messages.js';
import type { Direction } from './severity.js';

/** Where in an operation something stands, and who sends it. */
export interface Place {
  readonly operation: string;
  /** `200 application/json`, `query page`. */
  readonly where: string;
  /** As it begins a sentence. */
  readonly subject: string;
  readonly direction: Direction;
}

type Details = Partial<Pick<Finding, 'detail' | 'before' | 'after'>>;

export function toChange(place: Place, kind: ChangeKind, severity: Severity, details: Details = {}): Change {
  const { operation, where, subject, direction } = place;
  const message = messages[kind]({ detail: '', before: '', after: '', ...details, subject, direction });
  return { kind, severity, operation, where, message };
}

/**
 * What was found in the schema at a place, as changes of the operation. Of several of one kind at one place each has
 * its value or limit in `where`, so that no two changes have the same names.
 */
export function toChanges(place: Place, findings: readonly Finding[]): readonly Change[] {
  return findings.map(({ kind, severity, path, schema, ...details }) => {
    const inside = trimmed(path);
    const subject = inside ? `\`${inside}\`` : place.subject;
    const where = words(place.where, inside, details.detail);
    const change = toChange({ ...place, where, subject }, kind, severity, details);
    if (!schema) return change;
    const { direction } = place;
    const named = `\`${schema.name}${schema.path}\``;
    return {
      ...change,
      schema: {
        name: schema.name,
        where: words(trimmed(schema.path), details.detail) || 'itself',
        message: messages[kind]({ ...details, direction, subject: named }),
      },
    };
  });
}

const trimmed = (path: string): string => path.replace(/^\./, '');
const words = (...parts: string[]): string => parts.filter((part) => part !== '').join(' ');
