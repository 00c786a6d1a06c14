import type { Change } from './change.js';
import { compareContent } from './compare-content.js';
import { toFinding } from './finding.js';
import { type JsonObject, objectOf, sideBySide } from './json.js';
import type { Operation } from './operation.js';
import { type Place, toChange, toChanges } from './place.js';

/** A status that tells of a failure may come and go: a client has to expect any. */
export function compareResponses(operation: string, before: Operation, after: Operation): readonly Change[] {
  return sideBySide(responsesOf(before), responsesOf(after)).flatMap(([status, one, other]) => {
    const place: Place = { operation, where: status, subject: 'The answer', direction: 'response' };
    if (one && other)
      return [
        ...compareContent(place, [before, one], [after, other]),
        ...compareHeaders(place, [before, one], [after, other]),
      ];
    if (other) return [toChange(place, 'status-added', 'additive', { detail: status })];
    const severity = /^[23]/.test(status) ? 'breaking' : 'additive';
    return [toChange(place, 'status-removed', severity, { detail: status })];
  });
}

type Response = readonly [operation: Operation, definition: JsonObject];

function compareHeaders(at: Place, before: Response, after: Response): readonly Change[] {
  return sideBySide(headersOf(before), headersOf(after)).flatMap(([name, one, other]) => {
    const place: Place = { ...at, where: `${at.where} header ${name}`, subject: `The header \`${name}\`` };
    if (!one) return [toChange(place, 'header-added', 'additive')];
    if (!other) return [toChange(place, 'header-removed', 'breaking')];
    const [was, is] = [one['required'] === true, other['required'] === true];
    const presence = was === is ? [] : [toFinding(is ? 'became-required' : 'became-optional', 'response')];
    return [...toChanges(place, presence), ...compareContent(place, [before[0], one], [after[0], other])];
  });
}

function responsesOf({ document, definition }: Operation): ReadonlyMap<string, JsonObject> {
  const all = Object.entries(objectOf(definition['responses']));
  return new Map(all.map(([status, response]) => [status, document.resolve(response)]));
}

/** `Content-Type` is said by the media types. */
function headersOf([{ document }, response]: Response): ReadonlyMap<string, JsonObject> {
  const all = Object.entries(objectOf(response['headers']));
  return new Map(
    all
      .map(([name, header]) => [name.toLowerCase(), document.resolve(header)] as const)
      .filter(([name]) => name !== 'content-type'),
  );
}
