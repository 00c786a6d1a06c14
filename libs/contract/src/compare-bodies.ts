import type { Change } from './change.js';
import { compareContent } from './compare-content.js';
import { toFinding } from './finding.js';
import type { Operation } from './operation.js';
import { type Place, toChange, toChanges } from './place.js';

export function compareBodies(operation: string, before: Operation, after: Operation): readonly Change[] {
  const place: Place = { operation, where: 'body', subject: 'The body', direction: 'request' };
  const [one, other] = [bodyOf(before), bodyOf(after)];
  const [was, is] = [one?.['required'] === true, other?.['required'] === true];
  if (!one && !other) return [];
  if (!one) {
    return [toChange(place, 'body-added', is ? 'breaking' : 'additive', { after: is ? 'required' : '' })];
  }
  if (!other) return [toChange(place, 'body-removed', 'breaking')];
  const presence = was === is ? [] : [toFinding(is ? 'became-required' : 'became-optional', 'request')];
  return [...toChanges(place, presence), ...compareContent(place, [before, one], [after, other])];
}

function bodyOf({ document, definition }: Operation): ReturnType<typeof document.resolve> | undefined {
  const body = definition['requestBody'];
  return body === undefined ? undefined : document.resolve(body);
}
