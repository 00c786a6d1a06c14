import type { Change } from './change.js';
import { type ChangeGroup, groupChanges } from './change-group.js';
import { covers, type DeclaredBreak } from './declared-break.js';

/** The changes of one app's contract, held against the breaks that are declared. */
export interface Review {
  readonly app: string;
  readonly undeclared: readonly ChangeGroup[];
  readonly declared: readonly (readonly [ChangeGroup, DeclaredBreak])[];
  readonly additive: readonly ChangeGroup[];
  /** Declarations that no change needs any more. */
  readonly unused: readonly DeclaredBreak[];
}

export function reviewChanges(
  app: string,
  changes: readonly Change[],
  declarations: readonly DeclaredBreak[],
): Review {
  const breaking = changes.filter(({ severity }) => severity === 'breaking');
  const byDeclaration = Map.groupBy(breaking, (change) => declarations.find((one) => covers(one, change)));
  return {
    app,
    undeclared: groupChanges(byDeclaration.get(undefined) ?? []),
    declared: declarations.flatMap((one) =>
      groupChanges(byDeclaration.get(one) ?? []).map((group) => [group, one] as const),
    ),
    additive: groupChanges(changes.filter(({ severity }) => severity === 'additive')),
    unused: declarations.filter((one) => !byDeclaration.has(one)),
  };
}
