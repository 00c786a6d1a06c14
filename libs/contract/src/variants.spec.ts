import { compareContracts } from './compare-contracts.js';
import { answering, documentOf, list, record, thereAndBack } from './contract.fixture.js';

const string = { type: 'string' };
const money = record({ amount: string });
const tree = (leaf: object): object =>
  record({ leaf, children: list({ $ref: '#/components/schemas/Tree' }) });

test.each([
  ['null as a type and as a form', { type: ['string', 'null'] }, { anyOf: [string, { type: 'null' }] }],
  [
    'a list of constants and an enum',
    { anyOf: [{ const: 'a' }, { const: 'b' }] },
    { type: 'string', enum: ['b', 'a'] },
  ],
  ['one form and itself', { oneOf: [money] }, money],
  [
    'parts and the whole',
    { allOf: [record({ a: string }), record({ b: string })] },
    record({ a: string, b: string }),
  ],
  [
    'a limit in a part',
    { allOf: [string, { type: 'string', minLength: 1 }] },
    { type: 'string', minLength: 1 },
  ],
  [
    'a limit beside a type that may be null',
    { anyOf: [string, { type: 'null' }], minLength: 1 },
    { type: ['string', 'null'], minLength: 1 },
  ],
  ['a reference and what it leads to', { $ref: '#/components/schemas/Money' }, money],
  ['a reference with a description', { $ref: '#/components/schemas/Money', description: 'A price' }, money],
  ['definitions of its own', { $ref: '#/$defs/M', $defs: { M: money } }, money],
  ['a limit that says nothing', { type: 'string', minLength: 0 }, string],
  [
    'forms in another order',
    { anyOf: [money, record({ b: string })] },
    { anyOf: [record({ b: string }), money] },
  ],
  ['an enum that null is not in', { type: ['string', 'null'], enum: ['a'] }, { const: 'a' }],
])('%s are the same', (_, one, other) => {
  const schemas = { Money: money };
  expect(thereAndBack(answering(one, schemas), answering(other, schemas))).toEqual([[], []]);
});

test('a recursive schema is compared once', () => {
  const reference = { $ref: '#/components/schemas/Tree' };
  const [before, after] = [string, { type: 'integer' }].map((leaf) =>
    answering(reference, { Tree: tree(leaf) }),
  );
  expect(thereAndBack(before!, before!)).toEqual([[], []]);
  expect(thereAndBack(before!, after!)[0]).toEqual(['type-changed breaking 200 application/json leaf']);
});

test('schemas that are recursive through allOf, anyOf, or nothing at all come to an end', () => {
  const self = { $ref: '#/components/schemas/A' };
  const part = record({ a: string, next: { anyOf: [self, { type: 'null' }] } });
  for (const schema of [self, { anyOf: [self, string] }, { allOf: [part, { ...part, title: 'B' }] }]) {
    const document = answering(self, { A: schema });
    expect(compareContracts(document, document)).toEqual([]);
  }
});

test('one definition changes every place that uses it', () => {
  const use = record({
    total: { $ref: '#/components/schemas/Money' },
    tax: { $ref: '#/components/schemas/Money' },
  });
  const before = answering(use, { Money: money });
  const after = answering(use, { Money: record({}) });
  expect(thereAndBack(before, after)[0]).toEqual([
    'field-removed breaking 200 application/json total.amount',
    'field-removed breaking 200 application/json tax.amount',
  ]);
});

test('a change inside a named schema says so: the innermost that has one name on both sides', () => {
  const reference = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
  const documentWith = (amount: object): object =>
    answering(reference('Order'), {
      Order: record({ total: { anyOf: [reference('Money'), { type: 'null' }] }, size: amount }),
      Money: record({ amount }),
    });
  const changes = compareContracts(documentWith(string), documentWith({ type: 'integer' }));
  expect(changes.map(({ where, schema }) => [where, schema?.name, schema?.where])).toEqual([
    ['200 application/json total.amount', 'Money', 'amount'],
    ['200 application/json size', 'Order', 'size'],
  ]);
});

test('forms are known by what tells them apart, even when they change places and fields', () => {
  const form = (kind: string, fields: object): object => record({ kind: { const: kind }, ...fields });
  const before = { oneOf: [form('card', { a: string, b: string }), form('bank', { a: string, b: string })] };
  const after = { oneOf: [form('bank', { b: string }), form('card', { a: string, b: string })] };
  expect(thereAndBack(answering(before), answering(after))).toEqual([
    ['field-removed breaking 200 application/json (bank).a'],
    ['field-added additive 200 application/json (bank).a'],
  ]);
});

test.each(['application/x-ndjson', 'text/event-stream'])('a record of %s is like a field', (type) => {
  const section = (name: string): object => record({ event: { const: 'section' }, section: { const: name } });
  const streaming = (...names: string[]): object =>
    documentOf({ responses: { 200: { content: { [type]: { schema: { oneOf: names.map(section) } } } } } });
  expect(thereAndBack(streaming('user', 'orders'), streaming('user'))).toEqual([
    [`variant-removed breaking 200 ${type} (section+orders)`],
    [`variant-added additive 200 ${type} (section+orders)`],
  ]);
});

test('what an XML element is called counts in XML only', () => {
  const named = (name: string): object => {
    const content = { schema: record({ a: { ...string, xml: { name } } }) };
    return documentOf({
      responses: { 200: { content: { 'application/json': content, 'application/xml': content } } },
    });
  };
  expect(thereAndBack(named('a'), named('b'))[0]).toEqual([
    'limit-changed breaking 200 application/xml a xml',
  ]);
});
