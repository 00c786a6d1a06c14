const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
const maxDepth = 64;

const start =
  String.raw`A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}\u{200D}` +
  String.raw`\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}`;
const localName = String.raw`[${start}][${start}\-.0-9\u{B7}\u{300}-\u{36F}\u{203F}\u{2040}]*`;
/** A name, with a prefix or without (Namespaces in XML 1.0, section 4). */
const qualifiedName = new RegExp(`^(?:${localName}:)?${localName}$`, 'u');

const plainName = new RegExp(`^${localName}$`, 'u');

/** Whether an element or attribute may be called so, without a prefix. What begins with `xml` is XML's own (section 2.3). */
export function isXmlName(name: string): boolean {
  return plainName.test(name) && !/^xml/i.test(name);
}

/**
 * An XML 1.0 document, the reverse of `readXml`: a member is an element, `@name` an attribute, `#text` text beside
 * them, an array an element for each item; null and undefined are left out. Every string gives valid XML: what XML
 * cannot carry becomes U+FFFD. Throws Error for a name that is none, more than 64 levels, and values of other kinds.
 */
export function writeXml(root: string, value: object): string {
  if (Array.isArray(value)) throw new Error('a document has one root element, and cannot be an array');
  return declaration + element(root, value, 1);
}

function element(name: string, value: unknown, depth: number): string {
  checkName(name);
  if (value === null || value === undefined) return '';
  if (depth > maxDepth) throw new Error(`<${name}> is more than ${maxDepth} levels deep`);
  if (Array.isArray(value)) return value.map((item) => listItem(name, item, depth)).join('');
  if (!isObject(value)) return wrap(name, '', escapeText(textOf(name, value)));
  let attributes = '';
  let content = '';
  for (const [key, member] of Object.entries(value)) {
    if (key.startsWith('@')) attributes += attribute(key.slice(1), member);
    else if (key === '#text')
      content += member === null || member === undefined ? '' : escapeText(textOf(key, member));
    else content += element(key, member, depth + 1);
  }
  return wrap(name, attributes, content);
}

function listItem(name: string, item: unknown, depth: number): string {
  if (Array.isArray(item)) throw new Error(`<${name}> is an array in an array`);
  return element(name, item, depth);
}

function attribute(name: string, value: unknown): string {
  checkName(name);
  return value === null || value === undefined ? '' : ` ${name}="${escapeAttribute(textOf(name, value))}"`;
}

function wrap(name: string, attributes: string, content: string): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

function checkName(name: string): void {
  if (!qualifiedName.test(name)) throw new Error(`${JSON.stringify(name)} is no name for XML`);
}

/** By tag, not by class: dates, maps and the like are no plain objects, and would come out empty. */
function isObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw new Error(`${JSON.stringify(name)} has a value that XML has no text for`);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Section 2.2 of XML 1.0: not even a reference may stand for these. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** A carriage return would be read as a line feed (section 2.11). */
function escapeText(text: string): string {
  return text
    .replaceAll(notInXml, '\ufffd')
    .replaceAll(/[&<>\r]/g, (character) => entities[character] ?? character);
}

/** All white space would be read as spaces (section 3.3.3). */
function escapeAttribute(text: string): string {
  return text
    .replaceAll(notInXml, '\ufffd')
    .replaceAll(/[&<>"\t\n\r]/g, (character) => entities[character] ?? character);
}
