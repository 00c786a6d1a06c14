import type { OpenApiDocument } from '@bff/gateway';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Operation = OpenApiDocument['paths'][string][string];
type MediaType = { readonly schema: object; readonly examples: Readonly<Record<string, { $ref: string }>> };

/** An operation with where it is. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function endpointsOf({ paths }: OpenApiDocument): Endpoint[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
}

/** What it answers with when all is well: a media type, or nothing. */
export function successType({ operation }: Endpoint): string {
  const [, answer] = Object.entries(operation.responses).find(([status]) => /^[23]/.test(status)) ?? [];
  const content = answer !== undefined && 'content' in answer ? answer.content : undefined;
  return Object.keys(content ?? {})[0] ?? '';
}

/** The path of an endpoint with the examples of its parameters; `fields` stays out. */
export function exampleUrl({ path, operation }: Endpoint): string {
  const query = new URLSearchParams();
  let url = path;
  for (const parameter of operation.parameters) {
    if ('$ref' in parameter || parameter.name === 'fields') continue;
    const value = String(parameter.example);
    if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else query.set(parameter.name, value);
  }
  return query.size === 0 ? url : `${url}?${query.toString()}`;
}

/** A document with what its schemas say about values. */
export class CheckedDocument {
  private readonly ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));

  constructor(readonly document: OpenApiDocument) {
    this.ajv.addSchema({ $id: 'https://openapi.test/', components: document.components });
  }

  /** What is wrong with a value; empty: nothing. */
  mistakesIn(value: unknown, schema: object): string[] {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"https://openapi.test/#/components/');
    const validate = this.ajv.compile(JSON.parse(text) as object);
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
  }

  /** What an operation says of an answer; `type` is empty where it has no body. Throws where it knows no such answer. */
  promise({ operation }: Endpoint, status: number, type: string): { schema: object; headers: string[] } {
    const declared = operation.responses[status];
    const answer =
      declared !== undefined && '$ref' in declared
        ? this.document.components.responses[lastOf(declared.$ref)]
        : declared;
    const { content, headers = {} } = answer ?? {};
    const schema = type === '' && content === undefined ? {} : content?.[type]?.schema;
    if (answer === undefined || schema === undefined)
      throw new Error(
        `${operation.operationId} does not say that it answers ${status} as ${type || 'nothing'}`,
      );
    return { schema, headers: Object.keys(headers).map((name) => name.toLowerCase()) };
  }

  /** Undefined: it takes no JSON. */
  bodyExample({ operation }: Endpoint): unknown {
    const ref = operation.requestBody?.content['application/json']?.examples['input']?.$ref;
    return ref === undefined ? undefined : this.document.components.examples[lastOf(ref)]?.value;
  }

  /** Every example there is, with where it is and its schema. */
  examples(): { where: string; value: unknown; schema: object }[] {
    const { schemas, parameters, examples } = this.document.components;
    const named = Object.entries(schemas).flatMap(([where, schema]) =>
      (schema.examples ?? []).map((value) => ({ where, value, schema })),
    );
    const media = findAll(this.document, isMediaType).flatMap(({ where, found }) =>
      Object.values(found.examples).map(({ $ref }) => ({
        where,
        value: examples[lastOf($ref)]?.value,
        schema: found.schema,
      })),
    );
    const own = endpointsOf(this.document).flatMap(({ operation }) => operation.parameters);
    const given = [...Object.values(parameters), ...own].flatMap((parameter) =>
      '$ref' in parameter
        ? []
        : { where: parameter.name, value: parameter.example, schema: parameter.schema },
    );
    return [...named, ...media, ...given];
  }
}

function lastOf(ref: string): string {
  return ref.split('/').at(-1) ?? '';
}

function isMediaType(value: object): value is MediaType {
  return 'schema' in value && 'examples' in value;
}

/** Every object in a value that is of a kind, with its path. */
export function findAll<T extends object>(
  value: unknown,
  is: (candidate: object, path: string) => candidate is T,
  where = '',
): { where: string; found: T }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, member]) => findAll(member, is, `${where}/${key}`));
  return is(value, where) ? [{ where, found: value }, ...inner] : inner;
}

/** The records of a progressive answer, in either form. */
export function readRecords(text: string, type: string): unknown[] {
  if (type === 'application/x-ndjson')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  return [...text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(([, event, data = '']) => ({
    event,
    ...(JSON.parse(data) as object),
  }));
}
