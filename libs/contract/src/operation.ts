import type { ContractDocument } from './contract-document.js';
import { type JsonObject, listOf, objectOf } from './json.js';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** One method of one path, and the document that its references lead through. */
export interface Operation {
  /** `GET /api/orders/{id}`. */
  readonly name: string;
  readonly path: string;
  readonly document: ContractDocument;
  readonly definition: JsonObject;
  /** Its own and those of its path; its own count where both name one. */
  readonly parameters: readonly JsonObject[];
}

/** By method and path; what a path parameter is called makes no difference. */
export function readOperations(document: ContractDocument): ReadonlyMap<string, Operation> {
  const operations = Object.entries(objectOf(document.get('paths'))).flatMap(([path, value]) => {
    const item = document.resolve(value);
    return methods
      .filter((method) => item[method] !== undefined)
      .map((method) => toOperation(document, method, path, item));
  });
  return new Map(
    operations.map((operation) => [operation.name.replaceAll(/\{[^}]*\}/g, '{}'), operation] as const),
  );
}

function toOperation(document: ContractDocument, method: string, path: string, item: JsonObject): Operation {
  const definition = objectOf(item[method]);
  const parameters = [...listOf(item['parameters']), ...listOf(definition['parameters'])];
  const resolved = parameters.map((parameter) => document.resolve(parameter));
  return { name: `${method.toUpperCase()} ${path}`, path, document, definition, parameters: resolved };
}

/** What `content` of a body, an answer or a parameter holds, by media type: case and spaces do not count. */
export function contentOf(owner: JsonObject): ReadonlyMap<string, JsonObject> {
  return new Map(
    Object.entries(objectOf(owner['content'])).map(([type, content]) => [
      type.toLowerCase().replaceAll(' ', ''),
      objectOf(content),
    ]),
  );
}
