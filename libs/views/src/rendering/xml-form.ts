import { writeXml } from '@bff/xml';
import type { SchemaNode } from './schema-node.js';

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
const defaultItemName = 'item';
/** What an element can be called without a thought; other names become those of entries. */
const elementName = /^[A-Za-z_][\w.-]*$/;

/**
 * The XML form of a JSON value: a member is an element; a list one in which each item is an element (`item`, or as
 * `listOf` declares it); a member of a record is `<entry key="…">`; null is `xsi:nil="true"`. Strings survive as they
 * are but for characters that XML cannot carry: they become U+FFFD.
 */
export function toXml(rootName: string, value: object, schema: SchemaNode): string {
  const content = contentOf(value, schema) as object;
  return writeXml(rootName, { '@xmlns:xsi': xsi, ...content });
}

/** For `writeXml`. */
function contentOf(value: unknown, schema: SchemaNode | undefined): unknown {
  if (value === null) return { '@xsi:nil': 'true' };
  if (Array.isArray(value)) return listContent(value, schema);
  if (typeof value !== 'object') return value;
  const content: Record<string, unknown> = {};
  const entries: unknown[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const inner = contentOf(member, schema?.member(name));
    if (elementName.test(name) && schema?.declares(name) === true) content[name] = inner;
    else entries.push({ '@key': name, ...asObject(inner) });
  }
  if (entries.length > 0) content['entry'] = entries;
  return content;
}

function listContent(values: readonly unknown[], schema: SchemaNode | undefined): unknown {
  const item = schema?.item;
  const items = values.map((value) => contentOf(value === undefined ? null : value, item));
  return { [item?.xmlName ?? defaultItemName]: items };
}

function asObject(content: unknown): object {
  return typeof content === 'object' ? (content as object) : { '#text': content };
}
