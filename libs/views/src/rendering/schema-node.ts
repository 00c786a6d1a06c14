import { z } from 'zod';
import type { View } from '../view.js';

/** The part of JSON Schema that zod writes, as far as it says what a value is made of. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  /** OpenAPI's XML object: the name of an element. */
  readonly xml?: { readonly name?: string };
}

/** What a schema says about the members of a value. Lists are looked through: their members are those of an item. */
export class SchemaNode {
  private readonly alternatives: readonly JsonSchema[];

  constructor(
    schema: JsonSchema | boolean | undefined,
    private readonly root: JsonSchema,
  ) {
    this.alternatives = [...flatten(schema, root)];
  }

  /** Undefined: no member of that name is declared. Records have any. */
  member(name: string): SchemaNode | undefined {
    for (const { properties, additionalProperties } of this.objects()) {
      const own = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (own !== undefined) return new SchemaNode(own, this.root);
      if (additionalProperties !== undefined && additionalProperties !== false)
        return new SchemaNode(additionalProperties, this.root);
    }
    return undefined;
  }

  /** Whether the member of that name is declared by its name, and not as one of a record. */
  declares(name: string): boolean {
    return this.objects().some(
      ({ properties }) => properties !== undefined && Object.hasOwn(properties, name),
    );
  }

  get item(): SchemaNode {
    const list = this.alternatives.find(({ items }) => items !== undefined);
    return new SchemaNode(list?.items, this.root);
  }

  /** Whether a value may be a list. */
  get isList(): boolean {
    return this.alternatives.some(({ type, items }) => type === 'array' || items !== undefined);
  }

  /** Of the values that are no objects and no lists: `string`, `integer`, `number`, `boolean`, `null`. */
  get types(): ReadonlySet<string> {
    return new Set(this.alternatives.flatMap(({ type }) => type ?? []));
  }

  /** What an element is called that stands for one of these; undefined: it is not declared. */
  get xmlName(): string | undefined {
    return this.alternatives.find(({ xml }) => xml?.name !== undefined)?.xml?.name;
  }

  has([name = '', ...rest]: readonly string[]): boolean {
    const member = this.member(name);
    return member !== undefined && (rest.length === 0 || member.has(rest));
  }

  /** All that is declared, with dots between, `depth` names deep at most. */
  names(depth: number): string[] {
    if (depth === 0) return [];
    const members = this.objects().flatMap(({ properties = {} }) => Object.keys(properties));
    return [...new Set(members)].flatMap((name) => [
      name,
      ...(this.member(name)?.names(depth - 1) ?? []).map((inner) => `${name}.${inner}`),
    ]);
  }

  /** What an object may be, here or in a list. */
  private objects(): readonly JsonSchema[] {
    return this.alternatives.flatMap((schema) =>
      schema.items === undefined ? schema : new SchemaNode(schema.items, this.root).objects(),
    );
  }
}

function* flatten(schema: JsonSchema | boolean | undefined, root: JsonSchema): Generator<JsonSchema> {
  if (schema === undefined || typeof schema === 'boolean') return;
  yield schema;
  if (schema.$ref !== undefined) yield* flatten(resolve(schema.$ref, root), root);
  for (const list of [schema.anyOf, schema.oneOf, schema.allOf])
    for (const one of list ?? []) yield* flatten(one, root);
}

function resolve(ref: string, root: JsonSchema): JsonSchema | undefined {
  return ref === '#' ? root : root.$defs?.[ref.replace('#/$defs/', '')];
}

const known = new WeakMap<View, SchemaNode>();

/** That of a view's answer; made once. */
export function schemaNodeOf(view: View): SchemaNode {
  const made = known.get(view) ?? toSchemaNode(view.schema);
  known.set(view, made);
  return made;
}

/** As it is written down: after its transformations, or, for what comes in, before them. */
export function toSchemaNode(schema: z.ZodType, io: 'input' | 'output' = 'output'): SchemaNode {
  const root = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
  return new SchemaNode(root, root);
}
