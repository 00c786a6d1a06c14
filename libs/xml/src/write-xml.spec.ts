import { readXml } from './read-xml.js';
import { writeXml } from './write-xml.js';

const head = '<?xml version="1.0" encoding="UTF-8"?>';
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const backAndForth = (value: object, lists: readonly string[] = []): unknown =>
  plain(readXml(writeXml('root', value), { lists }));

test('objects become elements, in their order', () => {
  const value = {
    '@id': 7,
    name: 'Ada & <Charles>',
    admin: true,
    none: null,
    missing: undefined,
    role: ['a', null, 2],
    empty: [],
    address: { '@kind': '"home"', '@none': null, city: '' },
    note: { '#text': 'x', '@lang': 'de' },
  };
  expect(writeXml('user', value)).toBe(
    `${head}<user id="7"><name>Ada &amp; &lt;Charles&gt;</name><admin>true</admin><role>a</role><role>2</role>` +
      '<address kind="&quot;home&quot;"><city/></address><note lang="de">x</note></user>',
  );
});

test('prefixes can be declared and used', () => {
  const value = { '@xmlns:s': 'urn:s', 's:Body': { 's:x': 1 } };
  expect(writeXml('s:Envelope', value)).toBe(
    `${head}<s:Envelope xmlns:s="urn:s"><s:Body><s:x>1</s:x></s:Body></s:Envelope>`,
  );
});

test('what is written is read as it was', () => {
  const value = {
    '@id': '7',
    '@text': ' a\tb\nc\rd "e" \'f\' <g> &h; ',
    name: ' a\tb\nc\r\nd "e" <![CDATA[f]]> &amp; ',
    role: ['a', { '@x': '1', '#text': 'b' }, { c: 'd' }],
    one: ['x'],
    größe: '🙂',
    a_b: { c: { d: { e: '' } } },
  };
  expect(backAndForth(value, ['one'])).toEqual(value);
});

test('any string gives valid XML, in an element and in an attribute', () => {
  for (let start = 0; start < 0x10000; start += 64) {
    const text = String.fromCharCode(...Array.from({ length: 64 }, (_, n) => start + n));
    const { '@a': attribute, element } = backAndForth({ '@a': text, element: text }) as Record<
      string,
      string
    >;
    // oxlint-disable-next-line no-control-regex -- it is what must not come through
    const carried = text.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
    expect([attribute, element]).toEqual([carried, carried]);
  }
});

test.each([
  '',
  ' ',
  'a b',
  '1a',
  '-a',
  'a>',
  'a/',
  'a="1"',
  '@',
  '#text',
  ':a',
  'a:',
  'a:b:c',
  'a\n',
  '<a',
  '\ud800',
])('%j is refused as the name of an element and of an attribute', (name) => {
  expect(() => writeXml(name, {})).toThrow('is no name');
  expect(() => writeXml('root', { [`@${name}`]: 1 })).toThrow('is no name');
  if (name !== '#text') expect(() => writeXml('root', { a: { [name]: null } })).toThrow('is no name');
});

test.each([
  ['a date', { a: new Date(0) }],
  ['a map', { a: new Map() }],
  ['a function', { a: () => 1 }],
  ['a symbol', { a: Symbol('x') }],
  ['an array in an array', { a: [['x']] }],
  ['an object as an attribute', { '@a': {} }],
  ['an object as text', { '#text': {} }],
  ['an array at the root', []],
])('%s is refused', (_what, value) => {
  expect(() => writeXml('root', value)).toThrow(Error);
});

test('what contains itself is refused', () => {
  const value: Record<string, unknown> = {};
  value['self'] = [value];
  expect(() => writeXml('root', value)).toThrow('more than 64 levels');
});
