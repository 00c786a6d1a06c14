import { SaxesParser, type SaxesTagNS } from 'saxes';
import { XmlError } from './xml.error.js';
import { XmlTree } from './xml-tree.js';

export interface ReadXmlOptions {
  /** Names of elements that are lists, however many there are. */
  readonly lists?: readonly string[];
  /** Elements in elements; the root is the first. */
  readonly maxDepth?: number;
  /** In all. */
  readonly maxElements?: number;
}

const defaultMaxDepth = 64;
const defaultMaxElements = 100_000;
const xInclude = 'http://www.w3.org/2001/XInclude';
const xmlns = 'http://www.w3.org/2000/xmlns/';

/**
 * What the root element of an XML 1.0 document contains, as plain data without prototypes:
 * - An element with neither attributes nor elements in it is its text; '' when it is empty.
 * - Any other is an object: `name` for an element, `@name` for an attribute, `#text` for text beside them, all of it
 *   in one piece. Text that is only white space counts where there are no elements beside it.
 * - Names are local, without their prefix; declarations of namespaces are left out. Of attributes with the same local
 *   name the one without a prefix counts.
 * - A name that comes more than once, or is one of `lists`, is an array.
 *
 * Nothing is ever fetched or expanded. Throws XmlError for what is not well-formed (namespaces
 * included), a document type, an entity other than the five of XML, XInclude, processing instructions, elements deeper
 * than `maxDepth` (64), and more than `maxElements` (100,000) of them.
 */
export function readXml(text: string, options: ReadXmlOptions = {}): unknown {
  try {
    return parse(text, options);
  } catch (cause) {
    throw new XmlError(`invalid XML: ${(cause as Error).message}`, { cause });
  }
}

function parse(text: string, options: ReadXmlOptions): unknown {
  const { lists = [], maxDepth = defaultMaxDepth, maxElements = defaultMaxElements } = options;
  const tree = new XmlTree(new Set(lists));
  const parser = new SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  const refuse = (what: string): void => void parser.fail(`${what} not allowed`);
  let elements = 0;
  parser.on('doctype', () => refuse('a document type is'));
  parser.on('processinginstruction', () => refuse('processing instructions are'));
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > maxElements) refuse(`more than ${maxElements} elements are`);
    if (tree.depth >= maxDepth) refuse(`more than ${maxDepth} levels are`);
    if (bindsXInclude(tag)) refuse('XInclude is');
    tree.open(tag.local, attributesOf(tag));
  });
  parser.on('text', (text) => tree.addText(text));
  parser.on('cdata', (text) => tree.addText(text));
  parser.on('closetag', () => tree.close());
  parser.write(text).close();
  return tree.root;
}

/** Without a prefix bound to it there can be no element of it. */
function bindsXInclude({ ns }: SaxesTagNS): boolean {
  return Object.values(ns).includes(xInclude);
}

function attributesOf({ attributes }: SaxesTagNS): readonly (readonly [string, string])[] {
  return Object.values(attributes)
    .filter(({ uri }) => uri !== xmlns)
    .toSorted((one, other) => Number(one.prefix === '') - Number(other.prefix === ''))
    .map(({ local, value }) => [local, value]);
}
