import { readGraphqlOperation } from './graphql-operation.js';
import { variableFromJson, variableFromText, type VariableType } from './graphql-variable.js';

function typeOf(type: string): VariableType {
  const declared = readGraphqlOperation(`query ($v: ${type}) { a(v: $v) }`).variables.get('v');
  if (declared === undefined) throw new Error('not declared');
  return declared.type;
}

test('an operation is known by its kind and its variables', () => {
  const { kind, variables } = readGraphqlOperation(
    'mutation P($a: ID!, $b: [Int!] = [1]) { p(a: $a, b: $b) }',
  );
  expect(kind).toBe('mutation');
  expect(Object.fromEntries(variables)).toEqual({
    a: { type: { name: 'ID', isRequired: true }, hasDefault: false },
    b: { type: { of: { name: 'Int', isRequired: true }, isRequired: false }, hasDefault: true },
  });
});

test.each([
  ['{ a', 'line 1 of it: Syntax Error: Expected Name, found <EOF>.'],
  ['query {\n a(v: $v)\n}', 'line 2 of it uses $v, which it does not declare'],
  ['query A { a } query B { b }', 'expected one query or mutation, and there are 2'],
  ['fragment F on A { a }', 'expected one query or mutation, and there are 0'],
  ['subscription { a }', 'a subscription has no end, and a route answers once'],
])('%j is refused', (document, message) => {
  expect(() => readGraphqlOperation(document)).toThrow(message);
});

test.each([
  ['Int', ['-12'], -12],
  ['Int!', ['2147483647'], 2_147_483_647],
  ['Float', ['2.5e1'], 25],
  ['Boolean', ['false'], false],
  ['ID!', ['007'], '007'],
  ['Color', ['RED'], 'RED'],
  ['[Int!]!', ['1', '2'], [1, 2]],
])('as %s the text %j is read', (type, texts, value) => {
  expect(variableFromText(typeOf(type), texts)).toEqual(value);
});

test.each([
  ['Int', ['1.5'], 'expected an Int'],
  ['Int', ['2147483648'], 'expected an Int'],
  ['Int', [''], 'expected an Int'],
  ['Int', ['0x10'], 'expected an Int'],
  ['Float', ['Infinity'], 'expected a Float'],
  ['Float', ['1e999'], 'expected a Float'],
  ['Boolean', ['1'], 'expected a Boolean'],
  ['ID', ['a', 'b'], 'is there more than once'],
  ['[Int!]', ['1', 'x'], 'expected an Int'],
])('as %s the text %j is refused', (type, texts, message) => {
  expect(() => variableFromText(typeOf(type), texts)).toThrow(message);
});

test.each([
  ['String', 'a'],
  ['String', null],
  ['ID', 7],
  ['Float', 2],
  ['[String!]', ['a']],
  ['OrderInput!', { lines: [] }],
])('as %s the value %j passes', (type, value) => {
  expect(variableFromJson(typeOf(type), value)).toEqual(value);
});

test.each([
  ['String', 1, 'expected a String'],
  ['Int', '1', 'expected an Int'],
  ['Boolean', 'true', 'expected a Boolean'],
  ['ID', 1.5, 'expected an ID'],
  ['String!', null, 'must not be null'],
  ['[String!]', [null], 'must not be null'],
])('as %s the value %j is refused', (type, value, message) => {
  expect(() => variableFromJson(typeOf(type), value)).toThrow(message);
});
