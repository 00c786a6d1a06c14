import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { type JsonRules, ruleMistakes, toValueRule } from './json-rules.js';
import { transformJson } from './transform-json.js';

// Another try is another test: one failure counts.
jest.retryTimes(0);

const rulesOf = (given: Partial<JsonRules>): JsonRules => ({ deny: [], rename: {}, ...given });
const run = (text: string, given: Partial<JsonRules>): string =>
  transformJson(text, toValueRule(rulesOf(given)), given.wrap);

const order =
  '{"order_id": 7, "internal": {"cost": 1}, "lines": [{"sku":"a","qty":1,"cost":9}, {"sku":"b"}]}';

test.each<[string, Partial<JsonRules>, string]>([
  [order, { allow: ['order_id', 'lines.sku'] }, '{"order_id":7,"lines":[{"sku":"a"},{"sku":"b"}]}'],
  [order, { allow: ['lines', 'lines.sku'] }, '{"lines":[{"sku":"a","qty":1,"cost":9},{"sku":"b"}]}'],
  [order, { deny: ['internal', 'lines.cost'] }, '{"order_id":7,"lines":[{"sku":"a","qty":1},{"sku":"b"}]}'],
  [order, { allow: ['lines'], deny: ['lines.cost', 'lines.qty'] }, '{"lines":[{"sku":"a"},{"sku":"b"}]}'],
  [order, { allow: ['order_id'], rename: { order_id: 'id' }, wrap: 'data' }, '{"data":{"id":7}}'],
  [
    order,
    { allow: ['lines'], rename: { lines: 'rows', 'lines.qty': 'count' } },
    '{"rows":[{"sku":"a","count":1,"cost":9},{"sku":"b"}]}',
  ],
  ['[[{"a":1,"b":2}],{"a":3}]', { deny: ['a'] }, '[[{"b":2}],{}]'],
  ['{"a":{"x":1},"b":1}', { rename: { a: 'b', b: 'a' } }, '{"b":{"x":1},"a":1}'],
  [' [1, 2] ', { wrap: 'data' }, '{"data":[1, 2]}'],
])('%s with %j is %s', (text, rules, expected) => {
  expect(run(text, rules)).toBe(expected);
});

test('numbers and strings are spelled as they were, at the level that has rules and below it', () => {
  const text =
    '{"id":12345678901234567890,"price":1.10,"big":1e400,"zero":-0,"odd":"\\u0041\\/\\ud800","in":{"n":0.10}}';
  expect(run(text, { deny: ['x'] })).toBe(text);
});

test('a denied name is denied however it is spelled, and each time it comes', () => {
  expect(run('{"\\u0069nternal":1,"internal":2,"a":3}', { deny: ['internal'] })).toBe('{"a":3}');
});

test('of a name that comes twice the last one counts, and a new name before one that was there', () => {
  expect(run('{"a":1,"a":2}', { deny: ['x'] })).toBe('{"a":2}');
  expect(run('{"id":1,"order_id":2}', { rename: { order_id: 'id' } })).toBe('{"id":2}');
  expect(run('{"order_id":2,"id":1}', { rename: { order_id: 'id' } })).toBe('{"id":2}');
});

test('where only members are allowed, what has none is left out, but for null', () => {
  expect(run('{"lines":"secret"}', { allow: ['lines.sku'] })).toBe('{}');
  expect(run('{"lines":["secret",null,{"sku":1}]}', { allow: ['lines.sku'] })).toBe(
    '{"lines":[null,{"sku":1}]}',
  );
  expect(run('"secret"', { allow: ['lines.sku'] })).toBe('null');
});

test('__proto__ and names that every object has are names like others', () => {
  const text = '{"__proto__":{"admin":true},"constructor":1,"toString":2}';
  expect(run(text, { deny: ['x'] })).toBe(text);
  expect(run(text, { deny: ['__proto__'] })).toBe('{"constructor":1,"toString":2}');
  expect(run('{"a":1}', { rename: { a: '__proto__' } })).toBe('{"__proto__":1}');
});

test.each(['', '{', '{"a":1', '{"a":1}x', '[1,]', "{'a':1}", 'NaN', '<a/>', '{"a":"\n"}'])(
  '%j is no JSON',
  (text) => {
    expect(() => run(text, { deny: ['a'] })).toThrow('no JSON');
  },
);

test('64 levels pass, and 65 do not, whether rules go there or not', () => {
  const nested = (levels: number) => `${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`;
  for (const rules of [{ deny: ['x'] }, { deny: ['a.a.a'] }, { wrap: 'w' }]) {
    expect(() => run(nested(64), rules)).not.toThrow();
    expect(() => run(`[${nested(64)}]`, rules)).toThrow('deeper than 64');
  }
  expect(() => run('['.repeat(1_000_000) + ']'.repeat(1_000_000), { wrap: 'w' })).toThrow('deeper than 64');
});

test.each<[Partial<JsonRules>, string]>([
  [{ allow: ['a', 'b.c'], deny: ['b'] }, 'allow "b.c" is denied too'],
  [{ deny: ['a'], rename: { 'a.b': 'c' } }, 'rename "a.b" does not pass'],
  [{ allow: ['a'], rename: { b: 'c' } }, 'rename "b" does not pass'],
  [{ rename: { 'a.b': 'x', 'a.c': 'x' } }, 'rename "a.c" gets a name that another one gets'],
])('%j is a mistake: %s', (rules, message) => {
  expect(ruleMistakes(rulesOf(rules)).map((parts) => parts.join(' '))).toEqual([message]);
});

test.each<Partial<JsonRules>>([
  { allow: ['a'], deny: ['a.b'], rename: { 'a.c': 'x' } },
  { rename: { 'a.b': 'x', 'c.b': 'x', b: 'x' } },
  { allow: ['a.b'], rename: { a: 'x' } },
])('%j is none', (rules) => {
  expect(ruleMistakes(rulesOf(rules))).toEqual([]);
});

/** Objects of few names, so that rules and answers meet; every number is another one. */
const names = ['a', 'b', 'c', '__proto__'];
const path = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('.'));
const answer = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('#', 'null'),
      fc.array(tie('value') as fc.Arbitrary<string>, { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
      fc
        .array(fc.tuple(fc.constantFrom(...names), tie('value') as fc.Arbitrary<string>), { maxLength: 4 })
        .map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`),
    ),
  }))
  .value.map((shape) => {
    let number = 90_071_992_547_409_930n;
    return shape.replaceAll('#', () => String((number += 1n)));
  });
const rules = fc.record({
  allow: fc.option(fc.array(path, { minLength: 1, maxLength: 4 }), { nil: undefined }),
  deny: fc.array(path, { maxLength: 4 }),
  rename: fc.dictionary(path, fc.constantFrom('x', 'a', 'z'), { maxKeys: 3 }),
});

/** Where each number is, as the service names things: the slow and obvious way. */
function placesOf(text: string): Map<string, string> {
  const places = new Map<string, string>();
  const exact = text.replaceAll(/\d{5,}/g, '"$&"');
  const visit = (value: unknown, place: string): void => {
    if (typeof value === 'string') places.set(value, place);
    else if (Array.isArray(value)) for (const item of value) visit(item, place);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value))
        visit(inner, place === '' ? name : `${place}.${name}`);
  };
  visit(JSON.parse(exact), '');
  return places;
}

const isWithin = (place: string, other: string) => place === other || place.startsWith(`${other}.`);

test('nothing that is denied or not allowed passes, whatever it is called then, and no digit changes', () => {
  fc.assert(
    fc.property(answer, rules, (text, given) => {
      const places = placesOf(text);
      const passed = transformJson(text, toValueRule(given)).match(/\d{5,}/g) ?? [];
      for (const number of passed) {
        const place = places.get(number) ?? (text.includes(number) ? undefined : 'made up');
        expect(place).not.toBe('made up');
        if (place === undefined) continue;
        expect(given.deny.some((one) => isWithin(place, one))).toBe(false);
        if (given.allow !== undefined) expect(given.allow.some((one) => isWithin(place, one))).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('what is allowed, not denied and not renamed passes, as it was', () => {
  fc.assert(
    fc.property(answer, rules, (text, { allow, deny }) => {
      const passed = new Set(
        transformJson(text, toValueRule({ allow, deny, rename: {} })).match(/\d{5,}/g) ?? [],
      );
      for (const [number, place] of placesOf(text)) {
        const isDenied = deny.some((one) => isWithin(place, one));
        const isAllowed = allow === undefined || allow.some((one) => isWithin(place, one));
        if (isAllowed && !isDenied) expect(passed).toContain(number);
      }
    }),
    { numRuns: 2_000 },
  );
});
