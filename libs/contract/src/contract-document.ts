import { isObject, type JsonObject, objectOf } from './json.js';

/** An OpenAPI document with its references: `resolve` follows them. Throws Error for one that leads nowhere. */
export class ContractDocument {
  private readonly root: JsonObject;

  constructor(document: object) {
    this.root = objectOf(withAbsoluteReferences(document, document, []));
  }

  get(key: string): unknown {
    return this.root[key];
  }

  /** The object itself, or what its `$ref` leads to in the end. */
  resolve(value: unknown): JsonObject {
    let resolved = objectOf(value);
    for (const seen = new Set<string>(); typeof resolved['$ref'] === 'string';) {
      const reference = resolved['$ref'];
      if (seen.has(reference)) throw new Error(`$ref ${reference} leads to itself`);
      seen.add(reference);
      resolved = objectOf(this.find(reference));
    }
    return resolved;
  }

  find(reference: string): unknown {
    const found = findIn(this.root, reference);
    if (found === undefined) throw new Error(`$ref ${reference} leads nowhere`);
    return found;
  }
}

/** RFC 6901, as a fragment of a URI. */
function findIn(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  const steps = decodeURIComponent(reference.slice(1)).split('/').slice(1);
  return steps.reduce<unknown>((at, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return (isObject(at) || Array.isArray(at)) && Object.hasOwn(at, key)
      ? (at as JsonObject)[key]
      : undefined;
  }, root);
}

/** A schema that was made on its own refers to its `$defs` from its own top: `#/$defs/X` is that of the nearest. */
function withAbsoluteReferences(value: unknown, root: object, path: readonly Step[]): unknown {
  if (Array.isArray(value))
    return value.map((item, index) =>
      withAbsoluteReferences(item, root, [...path, { key: String(index), holds: item }]),
    );
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [
    key,
    key === '$ref' && typeof member === 'string'
      ? absolute(member, root, path)
      : withAbsoluteReferences(member, root, [...path, { key, holds: member }]),
  ]);
  return Object.fromEntries(entries) as JsonObject;
}

interface Step {
  readonly key: string;
  readonly holds: unknown;
}

function absolute(reference: string, root: object, path: readonly Step[]): string {
  if (!reference.startsWith('#/$defs/') || findIn(root, reference) !== undefined) return reference;
  const at = path.findLastIndex(({ holds }) => findIn(holds, reference) !== undefined);
  if (at < 0) return reference;
  const steps = path.slice(0, at + 1).map(({ key }) => key.replaceAll('~', '~0').replaceAll('/', '~1'));
  return `#/${steps.map(encodeURIComponent).join('/')}${reference.slice(1)}`;
}
