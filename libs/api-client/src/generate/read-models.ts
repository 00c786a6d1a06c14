import { type OpenApiDocument, readEndpoints, type Schema } from './document.js';
import { nameObjects, type Schemas } from './name-objects.js';
import { withOpenEnums } from './open-enums.js';

const prefix = '#/components/schemas/';

/** What is sent and answered in one piece, problems and all that they consist of, by name and in that order. */
export function readModels(document: OpenApiDocument): Schemas {
  const named = nameObjects(withOpenEnums(document.components.schemas));
  const found = new Map<string, Schema>();
  const follow = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, one] of Object.entries(value))
      if (key === '$ref' && typeof one === 'string') add(one.replace(prefix, ''));
      else follow(one);
  };
  const add = (name: string): void => {
    const schema = named[name];
    if (schema === undefined || found.has(name)) return;
    found.set(name, schema);
    follow(schema);
  };
  for (const { input, output } of readEndpoints(document)) follow([input, output]);
  add('Problem');
  return Object.fromEntries([...found].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
