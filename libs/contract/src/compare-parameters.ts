import type { Change } from './change.js';
import { compareContent } from './compare-content.js';
import { toFinding } from './finding.js';
import { type JsonObject, sideBySide } from './json.js';
import type { Operation } from './operation.js';
import { type Place, toChange, toChanges } from './place.js';

export function compareParameters(operation: string, before: Operation, after: Operation): readonly Change[] {
  return sideBySide(parametersOf(before), parametersOf(after)).flatMap(([, one, other]) => {
    const { in: location, name } = one ?? other ?? {};
    const where = `${String(location)} ${String(name)}`;
    const subject = `The ${location === 'query' ? 'query parameter' : String(location)} \`${String(name)}\``;
    const place: Place = { operation, where, subject, direction: 'request' };
    if (one && other) return compare(place, [before, one], [after, other]);
    if (one) return [toChange(place, 'parameter-removed', 'breaking')];
    const required = isRequired(other);
    const severity = required ? 'breaking' : 'additive';
    return [toChange(place, 'parameter-added', severity, { after: required ? 'required' : '' })];
  });
}

type Parameter = readonly [operation: Operation, definition: JsonObject];

function compare(place: Place, before: Parameter, after: Parameter): readonly Change[] {
  const [was, is] = [isRequired(before[1]), isRequired(after[1])];
  const presence = was === is ? [] : [toFinding(is ? 'became-required' : 'became-optional', 'request')];
  const [one, other] = [styleOf(before[1]), styleOf(after[1])];
  const style = one === other ? [] : [{ before: one, after: other }];
  return [
    ...toChanges(place, presence),
    ...style.map((told) => toChange(place, 'parameter-style-changed', 'breaking', told)),
    ...compareContent(place, before, after),
  ];
}

/** A path parameter is known by its position, a header whatever its case. */
function parametersOf({ parameters, path }: Operation): ReadonlyMap<string, JsonObject> {
  const positions = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
  return new Map(
    parameters.map((parameter) => {
      const { in: location, name } = parameter;
      if (location === 'path') return [`path ${positions.indexOf(String(name))}`, parameter];
      const key = `${String(location)} ${String(name)}`;
      return [location === 'header' ? key.toLowerCase() : key, parameter];
    }),
  );
}

const isRequired = (parameter: JsonObject | undefined): boolean => parameter?.['required'] === true;

/** With the defaults of OpenAPI 3.1, section 4.8.12. */
function styleOf({ in: location, style, explode }: JsonObject): string {
  const usual = location === 'query' || location === 'cookie' ? 'form' : 'simple';
  const used = typeof style === 'string' ? style : usual;
  const exploded = explode ?? used === 'form';
  return exploded === true ? `${used}, exploded` : used;
}
