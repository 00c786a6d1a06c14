/** As much of JSON Schema 2020-12 as is written as a type. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  /** More values may come. */
  readonly 'x-extensible-enum'?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly xml?: { readonly name?: string };
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly 'x-view'?: string;
}

/** As much of OpenAPI 3.1 as a client is made from. */
export interface OpenApiDocument {
  readonly info: { readonly title: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters?: Readonly<Record<string, Parameter>>;
  };
}

/** An operation with all that belongs to it in one place. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  readonly input: Schema | undefined;
  readonly output: Schema | undefined;
  readonly isProgressive: boolean;
  /** What comes as server-sent events; undefined: nothing does. */
  readonly events: Schema | undefined;
  /** Takes and answers JSON, or nothing: what is a page, or a form, is for browsers and for other servers. */
  readonly isCall: boolean;
}

export function readEndpoints({ paths, components }: OpenApiDocument): Endpoint[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
      const content = success?.[1].content ?? {};
      const isProgressive = content['application/x-ndjson'] !== undefined;
      return {
        method: method.toUpperCase(),
        path,
        operation,
        parameters: (operation.parameters ?? []).map((one) => resolve(one, components.parameters)),
        input: operation.requestBody?.content['application/json']?.schema,
        output: content['application/json']?.schema,
        isProgressive,
        events: isProgressive ? undefined : content['text/event-stream']?.schema,
        isCall: success !== undefined && [content, operation.requestBody?.content ?? {}].every(isJson),
      };
    }),
  );
}

function isJson(content: Content): boolean {
  return 'application/json' in content || Object.keys(content).length === 0;
}

function resolve(
  one: Parameter | { readonly $ref: string },
  known: Readonly<Record<string, Parameter>> = {},
): Parameter {
  if (!('$ref' in one)) return one;
  const found = known[one.$ref.replace('#/components/parameters/', '')];
  if (found === undefined) throw new Error(`The document has no ${one.$ref}.`);
  return found;
}
