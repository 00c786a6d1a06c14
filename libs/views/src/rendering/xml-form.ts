import { readXml, type ReadXmlOptions, writeXml } from '@bff/xml';
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
  return typeof content === 'object' && content !== null ? content : { '#text': content };
}

/**
 * The JSON value that a document in that form stands for, whatever its root element is called. What is no number
 * where the schema has one stays text, for the schema to refuse. Throws XmlError for what is no XML, or not safe.
 */
export function fromXml(text: string, schema: SchemaNode, limits: ReadXmlOptions = {}): unknown {
  return valueOf(readXml(text, limits), schema);
}

type Content = Readonly<Record<string, unknown>>;

function valueOf(content: unknown, schema: SchemaNode | undefined): unknown {
  if (typeof content !== 'object' || content === null) return textValue(String(content), schema);
  const object = content as Content;
  if (object['@nil'] === 'true') return null;
  if (schema?.isList === true) return listValue(object, schema.item);
  const { '#text': text } = object;
  const members = Object.entries(object).filter(([name]) => !name.startsWith('@') && name !== '#text');
  if (members.length === 0) return textValue(typeof text === 'string' ? text : '', schema);
  return Object.fromEntries(
    members.flatMap(([name, member]) =>
      isEntry(name, schema)
        ? all(member).map((entry) => entryValue(entry, schema))
        : [[name, valueOf(member, schema?.member(name))]],
    ),
  );
}

function isEntry(name: string, schema: SchemaNode | undefined): boolean {
  return name === 'entry' && schema?.declares(name) !== true;
}

function entryValue(entry: unknown, schema: SchemaNode | undefined): [string, unknown] {
  const { '@key': key = '', ...content } = asObject(entry) as Content;
  return [String(key), valueOf(content, schema?.member(String(key)))];
}

function listValue(content: Content, item: SchemaNode): unknown[] {
  return all(content[item.xmlName ?? defaultItemName] ?? []).map((one) => valueOf(one, item));
}

function all(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? content : [content];
}

function textValue(text: string, schema: SchemaNode | undefined): unknown {
  if (schema === undefined) return text;
  if (text.trim() === '' && schema.isList) return [];
  const { types } = schema;
  if (types.has('string')) return text;
  const trimmed = text.trim();
  if ((types.has('number') || types.has('integer')) && /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed))
    return Number(trimmed);
  if (types.has('boolean') && /^(true|false)$/.test(trimmed)) return trimmed === 'true';
  return text === '' && types.has('object') ? {} : text;
}
