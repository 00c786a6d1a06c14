import { compareContracts } from './compare-contracts.js';
import { answering, list, record, taking, thereAndBack } from './contract.fixture.js';

const string = { type: 'string' };
const number = { type: 'number' };
const integer = { type: 'integer' };
const anyOf = (...schemas: object[]): object => ({ anyOf: schemas });
const card = record({ kind: { const: 'card' }, number: string });
const bank = record({ kind: { const: 'bank' }, iban: string });

/** Each goes one way: from what lets less through to what lets more through. */
const widenings = [
  [
    'a field that may be missing',
    record({ a: string }),
    record({ 'a?': string }),
    'became-optional',
    'became-required',
    ' a',
  ],
  ['null', string, { type: ['string', 'null'] }, 'became-nullable', 'no-longer-nullable', ''],
  ['another type', string, { type: ['string', 'number'] }, 'type-widened', 'type-narrowed', ''],
  ['fractions', integer, number, 'type-widened', 'type-narrowed', ''],
  ['anything', list(string), list({}), 'type-widened', 'type-narrowed', ' []'],
  ['another value', { enum: ['a'] }, { enum: ['a', 'b c'] }, 'value-added', 'value-removed', ' "b c"'],
  ['true as well as false', { const: false }, { type: 'boolean' }, 'value-added', 'value-removed', ' true'],
  ['values that are not listed', { enum: ['a'] }, string, 'values-opened', 'values-closed', ''],
  ['another form', anyOf(card), anyOf(card, bank), 'variant-added', 'variant-removed', ' (bank)'],
  [
    'a lower minimum',
    { ...number, minimum: 2 },
    { ...number, minimum: 1 },
    'limit-loosened',
    'limit-tightened',
    ' minimum',
  ],
  [
    'a higher maximum',
    { ...number, maximum: 2 },
    { ...number, maximum: 3 },
    'limit-loosened',
    'limit-tightened',
    ' maximum',
  ],
  [
    'a higher bound',
    { ...number, exclusiveMaximum: 2 },
    { ...number, exclusiveMaximum: 3 },
    'limit-loosened',
    'limit-tightened',
    ' exclusiveMaximum',
  ],
  [
    'shorter lists',
    { ...list(string), minItems: 1 },
    list(string),
    'limit-loosened',
    'limit-tightened',
    ' minItems',
  ],
  ['any pattern', { ...string, pattern: '^a' }, string, 'limit-loosened', 'limit-tightened', ' pattern'],
  ['any format', { ...string, format: 'date' }, string, 'limit-loosened', 'limit-tightened', ' format'],
  ['other names in a map', names('a'), names('a', 'b'), 'value-added', 'value-removed', ' {names} "b"'],
] as const;

function names(...values: string[]): object {
  return { type: 'object', propertyNames: { enum: values }, additionalProperties: string };
}

test.each(widenings)(
  'an answer that may now have %s breaks clients, and the reverse does not',
  (_, before, after, wider, narrower, where) => {
    const place = `200 application/json${where}`;
    expect(thereAndBack(answering(before), answering(after))).toEqual([
      [`${wider} breaking ${place}`],
      [`${narrower} additive ${place}`],
    ]);
  },
);

test.each(widenings)(
  'a body that may now have %s does no harm, and the reverse breaks clients',
  (_, before, after, wider, narrower, where) => {
    const place = `body application/json${where}`;
    expect(thereAndBack(taking(before), taking(after))).toEqual([
      [`${wider} additive ${place}`],
      [`${narrower} breaking ${place}`],
    ]);
  },
);

test.each([
  ['another type', string, integer, 'type-changed', ''],
  ['another pattern', { ...string, pattern: 'a' }, { ...string, pattern: 'b' }, 'limit-changed', ' pattern'],
  [
    'another format',
    { ...string, format: 'date' },
    { ...string, format: 'time' },
    'limit-changed',
    ' format',
  ],
])('%s breaks clients wherever it is', (_, before, after, kind, where) => {
  const response = `${kind} breaking 200 application/json${where}`;
  const request = `${kind} breaking body application/json${where}`;
  expect(thereAndBack(answering(before), answering(after))).toEqual([[response], [response]]);
  expect(thereAndBack(taking(before), taking(after))).toEqual([[request], [request]]);
});

const open = record({ a: string });
const closed = { ...open, additionalProperties: false };

test.each([
  ['a field that is gone', open, record({}), 'field-removed breaking', 'field-added additive', ' a'],
  [
    'a field that is gone and was optional',
    record({ 'a?': string }),
    record({}),
    'field-removed breaking',
    'field-added additive',
    ' a',
  ],
  [
    'fields without a name',
    closed,
    open,
    'other-fields-allowed additive',
    'other-fields-refused additive',
    '',
  ],
  [
    'a map that is gone',
    names('a'),
    { ...names('a'), additionalProperties: false },
    'other-fields-refused breaking',
    'other-fields-allowed additive',
    '',
  ],
])('in an answer, %s', (_, before, after, there, back, path) => {
  const where = `200 application/json${path}`;
  expect(thereAndBack(answering(before), answering(after))).toEqual([
    [`${there} ${where}`],
    [`${back} ${where}`],
  ]);
});

test.each([
  ['a field that is gone', open, record({}), 'field-removed breaking', 'field-added breaking', ' a'],
  [
    'a field that is gone and was optional',
    record({ 'a?': string }),
    record({}),
    'field-removed breaking',
    'field-added additive',
    ' a',
  ],
  [
    'fields without a name',
    closed,
    open,
    'other-fields-allowed additive',
    'other-fields-refused breaking',
    '',
  ],
])('in a body, %s', (_, before, after, there, back, path) => {
  const where = `body application/json${path}`;
  expect(thereAndBack(taking(before), taking(after))).toEqual([[`${there} ${where}`], [`${back} ${where}`]]);
});

test.each([
  [
    record({ orders: list(record({ total: string })) }),
    record({ orders: list(record({ total: number })) }),
    'orders[].total',
  ],
  [list(list(string)), list(list(number)), '[][]'],
  [
    { additionalProperties: record({ a: string }) },
    { additionalProperties: record({ a: number }) },
    '{name}.a',
  ],
  [{ prefixItems: [string, string] }, { prefixItems: [string, number] }, '[1]'],
  [
    record({ pay: anyOf(card, bank) }),
    record({ pay: anyOf(card, { ...bank, ...record({ kind: { const: 'bank' }, iban: number }) }) }),
    'pay(bank).iban',
  ],
  [{ patternProperties: { '^x-': string } }, { patternProperties: { '^x-': number } }, '/^x-/'],
])('a change deep inside is found where it is: %#', (before, after, path) => {
  expect(compareContracts(answering(before), answering(after))).toMatchObject([
    {
      kind: 'type-changed',
      where: `200 application/json ${path}`,
      message: expect.stringContaining(`\`${path}\``),
    },
  ]);
});

test.each([
  ['longer texts', { ...string, maxLength: 2 }, { ...string, maxLength: 3 }],
  ['longer lists', { ...list(string), maxItems: 2 }, list(string)],
  [
    'a value that clients were told to expect',
    { enum: ['a'], 'x-extensible-enum': true },
    { enum: ['a', 'b'] },
  ],
  ['such a value in a list of its own', { 'x-extensible-enum': ['a'] }, { 'x-extensible-enum': ['a', 'b'] }],
])('%s in an answer do no harm', (_, before, after) => {
  const changes = compareContracts(answering(before), answering(after));
  expect(changes.map(({ severity }) => severity)).toEqual(['additive']);
});

test('what only the other side has is no part of it', () => {
  const withId = record({ a: string, id: { ...string, readOnly: true } });
  expect(thereAndBack(taking(withId), taking(record({ a: string })))).toEqual([[], []]);
  expect(thereAndBack(answering(withId), answering(open))[0]).toEqual([
    'field-removed breaking 200 application/json id',
  ]);
});
