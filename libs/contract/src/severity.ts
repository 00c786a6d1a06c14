import type { ChangeKind, Severity } from './change.js';

/** Who sends what is described: the frontend in a request, the gateway in a response. */
export type Direction = 'request' | 'response';

/** What a change does to the set of values that may be sent. */
const effects = {
  'became-optional': 'widens',
  'became-required': 'narrows',
  'became-nullable': 'widens',
  'no-longer-nullable': 'narrows',
  'type-widened': 'widens',
  'type-narrowed': 'narrows',
  'type-changed': 'changes',
  'value-added': 'widens',
  'value-removed': 'narrows',
  'values-opened': 'widens',
  'values-closed': 'narrows',
  'variant-added': 'widens',
  'variant-removed': 'narrows',
  'limit-loosened': 'widens',
  'limit-tightened': 'narrows',
  'limit-changed': 'changes',
} as const satisfies Partial<Record<ChangeKind, 'widens' | 'narrows' | 'changes'>>;

export type ValueChange = keyof typeof effects;

/** A client breaks on an answer that it could not get before, and on a request that is no longer taken. */
export function severityOf(kind: ValueChange, direction: Direction): Severity {
  const effect = effects[kind];
  const harmless = direction === 'response' ? 'narrows' : 'widens';
  return effect === harmless ? 'additive' : 'breaking';
}
