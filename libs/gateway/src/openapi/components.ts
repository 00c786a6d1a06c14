import type { z } from 'zod';
import { composeExample, type NamedExamples } from './compose-example.js';
import type { Example, JsonSchema, Ref } from './document.js';
import { mapSchemas, toJsonSchema } from './to-json-schema.js';

/** The named schemas and examples of a document, gathered while its operations are written. */
export class Components {
  private readonly schemas = new Map<string, JsonSchema>();
  private readonly examples = new Map<string, Example>();

  /** Throws when one name is to stand for two schemas. */
  addSchema(name: string, schema: JsonSchema): Ref {
    const known = this.schemas.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`OpenAPI: two different schemas are called ${name}`);
    this.schemas.set(name, schema);
    return { $ref: `#/components/schemas/${name}` };
  }

  addExample(name: string, summary: string, value: unknown): Ref {
    this.examples.set(name, { summary, value });
    return { $ref: `#/components/examples/${name}` };
  }

  /** The JSON Schema of a zod schema; its parts with an `id` of their own become components. */
  toSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $defs = {}, ...made } = toJsonSchema(schema, io);
    for (const [name, part] of Object.entries($defs)) this.addSchema(name, withComponentRefs(part));
    return withComponentRefs(made);
  }

  /** Undefined: there is no component at this reference. */
  find(ref: string): JsonSchema | undefined {
    const [name = '', ...path] = ref.replace('#/components/schemas/', '').split('/');
    return path.reduce<JsonSchema | undefined>(
      (schema, key) => schema?.[key] as JsonSchema | undefined,
      this.schemas.get(name),
    );
  }

  exampleOf(schema: JsonSchema, named?: NamedExamples): unknown {
    return composeExample(schema, { find: (ref) => this.find(ref), named });
  }

  /** All schemas by name, each with an example. */
  allSchemas(): Record<string, JsonSchema> {
    const each = [...this.schemas].toSorted(byName).map(([name, schema]) => {
      const examples = schema.examples ?? [this.exampleOf(schema)];
      return [name, { ...schema, examples }] as const;
    });
    return Object.fromEntries(each);
  }

  allExamples(): Record<string, Example> {
    return Object.fromEntries([...this.examples].toSorted(byName));
  }
}

export function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function withComponentRefs(schema: JsonSchema): JsonSchema {
  const inner = mapSchemas(schema, withComponentRefs);
  return inner.$ref === undefined
    ? inner
    : { ...inner, $ref: inner.$ref.replace('#/$defs/', '#/components/schemas/') };
}
