import { readXml, type ReadXmlOptions } from './read-xml.js';

const read = (text: string, options?: ReadXmlOptions): unknown => readXml(text, options);
/** With the prototypes that `toEqual` does not look at anyway; and it sees own `__proto__` members. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('a document becomes plain data', () => {
  const text = `\uFEFF<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
    <!-- who -->
    <user id="7" xmlns="urn:users" xmlns:x="urn:x">
      <name>Ada &amp; <![CDATA[<Charles>]]>&#33;</name>
      <x:empty/>
      <blank> </blank>
      <role main="true">admin</role>
      <role>user</role>
      <address><city>London</city></address>
      <unit kind=""></unit>
    </user>`;
  expect(plain(read(text))).toEqual({
    '@id': '7',
    name: 'Ada & <Charles>!',
    empty: '',
    blank: ' ',
    role: [{ '@main': 'true', '#text': 'admin' }, 'user'],
    address: { city: 'London' },
    unit: { '@kind': '' },
  });
});

test.each([
  ['<a/>', ''],
  ['<a></a>', ''],
  ['<a> x\n</a>', ' x\n'],
  ['<a>1<!-- 2 -->3</a>', '13'],
  ['<a>one <b>two</b> three</a>', { '#text': 'one  three', b: 'two' }],
  ['<a x="1"> </a>', { '@x': '1', '#text': ' ' }],
  ['<a>\r\n<b/>\r\n</a>', { b: '' }],
  ['<a x="&lt;&#9;"/>', { '@x': '<\t' }],
  ['<p:a xmlns:p="urn:p" p:x="1" x="2"/>', { '@x': '2' }],
  ['<p:a xmlns:p="urn:p" x="2" p:x="1"/>', { '@x': '2' }],
  ['<a xml:lang="de"/>', { '@lang': 'de' }],
  ['<a xmlns:p="urn:p"><b/><p:b>1</p:b></a>', { b: ['', '1'] }],
])('%s is read as %j', (text, value) => {
  expect(plain(read(text))).toEqual(value);
});

test('a name that is a list is an array, wherever it is and however many there are', () => {
  const options = { lists: ['item'] };
  expect(plain(read('<a><item>1</item><b><item/></b></a>', options))).toEqual({
    item: ['1'],
    b: { item: [''] },
  });
  expect(plain(read('<a><item>1</item><item>2</item></a>', options))).toEqual({ item: ['1', '2'] });
  expect(plain(read('<a><b/></a>', options))).toEqual({ b: '' });
});

test('names that mean something to JavaScript are names like others', () => {
  const value = read(
    '<a __proto__="1"><__proto__><admin>yes</admin></__proto__><constructor/><toString/></a>',
  ) as object;
  expect(Object.getPrototypeOf(value)).toBeNull();
  expect(Object.keys(value)).toEqual(['@__proto__', '__proto__', 'constructor', 'toString']);
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
  expect(plain(read('<a><__proto__/><__proto__/></a>'))).toEqual(JSON.parse('{"__proto__":["",""]}'));
  expect(read('<__proto__/>')).toBe('');
});

const entity = '<!DOCTYPE a [<!ENTITY e "x"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
const xi = 'xmlns:xi="http://www.w3.org/2001/XInclude"';

test.each([
  ['nothing', ''],
  ['text', 'hello'],
  ['JSON', '{"a":1}'],
  ['an element that does not end', '<a>'],
  ['an element that ends as another', '<a></b>'],
  ['a second root', '<a/><b/>'],
  ['text after the root', '<a/>x'],
  ['half a tag', '<a'],
  ['half a comment', '<a/><!--'],
  ['an attribute without quotes', '<a b=1/>'],
  ['an attribute that comes twice', '<a b="1" b="2"/>'],
  ['an attribute with a <', '<a b="<"/>'],
  ['a control character', '<a>\u0001</a>'],
  ['a reference to a control character', '<a>&#1;</a>'],
  ['that in XML 1.1', '<?xml version="1.1"?><a>&#1;</a>'],
  ['half a character', '<a>\ud800</a>'],
  ['an unknown prefix', '<p:a/>'],
  ['a document type', '<!DOCTYPE a><a/>'],
  ['a document type from elsewhere', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>'],
  ['an entity that is declared', `${entity}<a>&e;</a>`],
  ['an entity that is a file', `${entity}<a>&f;</a>`],
  ['an entity that nothing declares', '<a>&nbsp;</a>'],
  ['that in an attribute', '<a b="&nbsp;"/>'],
  ['an entity named as a property of objects', '<a>&constructor;</a>'],
  ['a declared entity that nobody uses', '<!DOCTYPE a [<!ENTITY e "x">]><a/>'],
  ['XInclude', `<a ${xi}><xi:include href="/etc/passwd" parse="text"/></a>`],
  ['XInclude without a prefix', '<include xmlns="http://www.w3.org/2001/XInclude"/>'],
  ['XInclude by way of a reference', '<a xmlns:y="http://www.w3.org/2001/&#88;Include"><y:include/></a>'],
  ['a prefix bound to XInclude', `<a ${xi}/>`],
  ['a style sheet', '<?xml-stylesheet href="a.xsl"?><a/>'],
  ['a processing instruction in it', '<a><?php 1?></a>'],
  ['a second declaration', '<a><?xml version="1.0"?></a>'],
])('%s is a bad response', (_what, text) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ name: 'XmlError' }));
});

test('64 levels are read, and 65 are not; or as many as were asked for', () => {
  const nested = (levels: number): string => '<a>'.repeat(levels) + '</a>'.repeat(levels);
  expect(() => read(nested(64))).not.toThrow();
  expect(() => read(nested(65))).toThrow('more than 64 levels');
  expect(() => read(nested(3), { maxDepth: 3 })).not.toThrow();
  expect(() => read(nested(4), { maxDepth: 3 })).toThrow('more than 3 levels');
  expect(() => read('<a>'.repeat(1_000_000))).toThrow('more than 64 levels');
});

test('100,000 elements are read, and one more is not', () => {
  const wide = (count: number): string => `<a>${'<b/>'.repeat(count - 1)}</a>`;
  expect((read(wide(100_000)) as { b: unknown[] }).b).toHaveLength(99_999);
  expect(() => read(wide(100_001))).toThrow('more than 100000 elements');
});

test('a bomb of entities is refused before it grows', () => {
  const levels = Array.from({ length: 20 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`);
  const bomb = `<!DOCTYPE a [<!ENTITY e0 "ha">${levels.join('')}]><a>&e20;</a>`;
  expect(() => read(bomb)).toThrow('document type');
});
