import type { XmlRoot } from '@bff/proxy';
import { isXmlName, writeXml } from '@bff/xml';

/** Its types leave out what ES2025 adds. */
const parseWith = JSON.parse as (
  text: string,
  reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';

/** A name that XML has no element for, where it was to be one. */
export class XmlNameError extends Error {
  override readonly name = 'XmlNameError';

  constructor(readonly path: readonly string[]) {
    super(`"${path.at(-1)}" is no name of an element, nor of an attribute with one value`);
  }
}

/**
 * The XML of a JSON text, the reverse of `toJsonText`: a member is an element, `@name` an attribute, `#text` text, a
 * list an element for each item, null `xsi:nil`. A list in a list, or one that is all of it, has elements `item`.
 * Numbers are spelled as they were. A name that is none in XML is `<entry key="…">`, or throws XmlNameError where
 * `others` is `refuse`. Throws Error above 64 levels of elements.
 */
export function toXmlText(json: string, { root, namespace }: XmlRoot, others: 'entry' | 'refuse'): string {
  const value = parseWith(json, (_name, one, { source }) => (typeof one === 'number' ? source : one));
  const writing = new Writing(others);
  const content = asObject(writing.contentOf(value, []));
  const declared = {
    ...(namespace !== undefined && { '@xmlns': namespace }),
    ...(writing.hasNil && { '@xmlns:xsi': xsi }),
  };
  return writeXml(root, { ...declared, ...content });
}

class Writing {
  hasNil = false;

  constructor(private readonly others: 'entry' | 'refuse') {}

  /** For `writeXml`. */
  contentOf(value: unknown, path: readonly string[]): unknown {
    if (value === null) {
      this.hasNil = true;
      return { '@xsi:nil': 'true' };
    }
    if (Array.isArray(value)) return { item: this.itemsOf(value, path) };
    return typeof value === 'object' ? this.object(value, path) : value;
  }

  private object(value: object, path: readonly string[]): object {
    const content = Object.create(null) as Record<string, unknown>;
    const entries: unknown[] = [];
    for (const [name, member] of Object.entries(value)) {
      const inner = [...path, name];
      if (isAttributeOrText(name, member)) content[name] = member;
      else if (isXmlName(name))
        content[name] = Array.isArray(member) ? this.itemsOf(member, inner) : this.contentOf(member, inner);
      else if (this.others === 'refuse') throw new XmlNameError(inner);
      else entries.push({ ...asObject(this.contentOf(member, inner)), '@key': name });
    }
    if (entries.length > 0) content['entry'] = [content['entry'] ?? [], entries].flat();
    return content;
  }

  private itemsOf(items: readonly unknown[], path: readonly string[]): unknown[] {
    return items.map((item, index) => this.contentOf(item, [...path, String(index)]));
  }
}

function isAttributeOrText(name: string, member: unknown): boolean {
  const isOne = member === null || typeof member !== 'object';
  return isOne && (name === '#text' || (name.startsWith('@') && isXmlName(name.slice(1))));
}

function asObject(content: unknown): object {
  return typeof content === 'object' && content !== null ? content : { '#text': content };
}
