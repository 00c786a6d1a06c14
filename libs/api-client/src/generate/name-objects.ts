import type { Schema } from './document.js';
import { toPascalCase, toSingular } from './words.js';

export type Schemas = Readonly<Record<string, Schema>>;

/**
 * Gives each object a schema of its own, named after where it is: the items of `orders` in `Dashboard` are
 * `DashboardOrder`, in every language that types are written in.
 */
export function nameObjects(schemas: Schemas): Schemas {
  const naming = new Naming(schemas);
  for (const [name, schema] of Object.entries(schemas)) naming.add(name, schema);
  return naming.named;
}

class Naming {
  readonly named: Record<string, Schema> = {};

  constructor(private readonly given: Schemas) {}

  add(name: string, schema: Schema): void {
    this.named[name] = this.inside(schema, name);
  }

  /** Parts of a schema, which stays where it is. */
  private inside(schema: Schema, name: string): Schema {
    const { properties, additionalProperties, items, oneOf, anyOf, allOf } = schema;
    const all = (some: readonly Schema[]): Schema[] => some.map((one) => this.at(one, name + variantOf(one)));
    return {
      ...schema,
      ...(properties && { properties: this.members(properties, name) }),
      ...(typeof additionalProperties === 'object' && {
        additionalProperties: this.at(additionalProperties, toSingular(name)),
      }),
      ...(items && { items: this.at(items, itemName(items, name)) }),
      ...(oneOf && { oneOf: all(oneOf) }),
      ...(anyOf && { anyOf: all(anyOf) }),
      ...(allOf && { allOf: all(allOf) }),
    };
  }

  private members(properties: Schemas, name: string): Schemas {
    const members = Object.entries(properties);
    return Object.fromEntries(members.map(([key, one]) => [key, this.at(one, name + toPascalCase(key))]));
  }

  private at(schema: Schema, name: string): Schema {
    if (schema.properties === undefined) return this.inside(schema, name);
    const free = this.freeName(name);
    this.named[free] = {};
    this.add(free, schema);
    return { $ref: `#/components/schemas/${free}` };
  }

  private freeName(name: string): string {
    const isTaken = (one: string): boolean => one in this.given || one in this.named;
    let free = name;
    for (let number = 2; isTaken(free); number++) free = `${name}${String(number)}`;
    return free;
  }
}

/** What an item is called in XML is its best name, unless that says nothing: `item`, or the `i` of RFC 9457. */
function itemName(items: Schema, name: string): string {
  const inXml = items.xml?.name ?? 'item';
  if (inXml === 'item' || inXml.length < 2) return toSingular(name);
  return name.replace(/[A-Z][^A-Z]*$/, '') + toPascalCase(inXml);
}

/** One of several is told by its last constant. */
function variantOf({ properties = {} }: Schema): string {
  const constants = Object.values(properties).map((one) => one.const);
  return toPascalCase(constants.findLast((one) => typeof one === 'string') ?? '');
}
