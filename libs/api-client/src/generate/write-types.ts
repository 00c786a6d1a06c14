import type { Schema } from './document.js';
import type { Schemas } from './name-objects.js';
import { toJsDoc, toKey } from './words.js';

/** Writes schemas as types: those that are asked for, and what they refer to. Objects have names already. */
export class TypeWriter {
  private readonly declarations = new Map<string, string>();
  /** Whether there is an integer that a number cannot hold. */
  hasBigints = false;

  constructor(
    private readonly schemas: Schemas,
    /** Those that answer a view: their `_meta` knows their sections. */
    private readonly views: ReadonlySet<string>,
  ) {}

  get names(): string[] {
    return [...this.declarations.keys()].toSorted();
  }

  /** In alphabetical order, so that one more changes nothing else. */
  get text(): string {
    return this.names.map((name) => this.declarations.get(name)).join('\n');
  }

  write(schema: Schema): string {
    if (schema.$ref !== undefined) return this.writeReference(schema.$ref);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum !== undefined) return writeEnum(schema.enum, schema['x-extensible-enum'] === true);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return union(choices.map((one) => this.write(one)));
    if (schema.allOf !== undefined) return schema.allOf.map((one) => this.write(one)).join(' & ');
    const types = [schema.type ?? []].flat();
    return types.length === 0 ? 'unknown' : union(types.map((type) => this.writePlain(type, schema)));
  }

  private writePlain(type: string, schema: Schema): string {
    const { items = {}, additionalProperties } = schema;
    switch (type) {
      case 'object': {
        const value = typeof additionalProperties === 'object' ? this.write(additionalProperties) : 'unknown';
        return `Readonly<Record<string, ${value}>>`;
      }
      case 'array':
        return `readonly (${this.write(items)})[]`;
      case 'integer':
        return this.writeInteger(schema);
      default:
        return type;
    }
  }

  /** One that says neither how small nor how large it can be is as large as it likes. */
  private writeInteger({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
    const limits = [minimum, maximum, exclusiveMinimum, exclusiveMaximum];
    if (limits.some((limit) => limit !== undefined)) return 'number';
    this.hasBigints = true;
    return 'number | bigint';
  }

  private writeReference(reference: string): string {
    const [name = '', ...path] = reference.replace('#/components/schemas/', '').split('/');
    const schema = this.schemas[name];
    if (schema === undefined) throw new Error(`The document has no ${reference}.`);
    if (!this.declarations.has(name)) {
      this.declarations.set(name, '');
      this.declarations.set(name, toJsDoc(schema.description) + this.declare(name, schema));
    }
    const members = path.filter((part) => part !== 'properties');
    return name + members.map((member) => `[${JSON.stringify(member)}]`).join('');
  }

  private declare(name: string, schema: Schema): string {
    const { properties, required = [] } = schema;
    if (properties === undefined) return `export type ${name} = ${this.write(schema)};\n`;
    const members = Object.entries(properties).map(([key, member]) => {
      const isMeta = key === '_meta' && this.views.has(name);
      const type = isMeta ? metaOf(properties) : this.write(member);
      const optional = required.includes(key) ? '' : '?';
      return `${toJsDoc(member.description)}readonly ${toKey(key)}${optional}: ${type};\n`;
    });
    const others = isOpen(schema) ? 'readonly [name: string]: unknown;\n' : '';
    return `export interface ${name} {\n${members.join('')}${others}}\n`;
  }
}

/** Whether an object says that it may have members that it does not name. */
function isOpen({ additionalProperties }: Schema): boolean {
  return additionalProperties !== undefined && additionalProperties !== false;
}

function metaOf(properties: Schemas): string {
  const sections = Object.keys(properties).filter((name) => name !== '_meta');
  return `Meta<${union(sections.map((name) => JSON.stringify(name)))}>`;
}

/** Editors offer the values that are known, also where others are allowed. */
function writeEnum(values: readonly unknown[], isOpen: boolean): string {
  const known = values.map((value) => JSON.stringify(value));
  return union(isOpen ? [...known, '(string & Record<never, never>)'] : known);
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ') || 'never';
}
