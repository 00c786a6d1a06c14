import type { Change } from './change.js';
import { compareBodies } from './compare-bodies.js';
import { compareParameters } from './compare-parameters.js';
import { compareResponses } from './compare-responses.js';
import { compareSecurity } from './compare-security.js';
import { ContractDocument } from './contract-document.js';
import { sideBySide } from './json.js';
import { type Operation, readOperations } from './operation.js';
import { toChange } from './place.js';

/**
 * Every change between two OpenAPI 3.1 documents that a client can notice, and whether it breaks clients that were made
 * for the first. Texts, examples and the names of components are no part of a contract. Throws Error for a reference
 * that leads nowhere.
 */
export function compareContracts(before: object, after: object): readonly Change[] {
  const [one, other] = [new ContractDocument(before), new ContractDocument(after)];
  return sideBySide(readOperations(one), readOperations(other)).flatMap(([, was, is]) =>
    withoutTwins(compare(was, is)),
  );
}

/** Forms that nothing tells apart have one name; of two changes of that name the worse is told. */
function withoutTwins(changes: readonly Change[]): readonly Change[] {
  const known = new Map<string, Change>();
  for (const change of changes) {
    const name = `${change.kind} ${change.where}`;
    if (known.get(name)?.severity !== 'breaking') known.set(name, change);
  }
  return [...known.values()];
}

function compare(before: Operation | undefined, after: Operation | undefined): readonly Change[] {
  const operation = before?.name ?? after?.name ?? '';
  const place = { operation, where: 'operation', subject: 'This call', direction: 'request' } as const;
  if (!before) return [toChange(place, 'operation-added', 'additive')];
  if (!after) return [toChange(place, 'operation-removed', 'breaking')];
  return [compareSecurity, compareParameters, compareBodies, compareResponses].flatMap((aspect) =>
    aspect(operation, before, after),
  );
}
