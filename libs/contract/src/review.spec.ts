import type { Change } from './change.js';
import { readDeclaredBreaks } from './declared-break.js';
import { toDeclarations, toReport } from './report.js';
import { reviewChanges } from './review.js';

const removed = (operation: string, where: string): Change => ({
  kind: 'field-removed',
  severity: 'breaking',
  operation,
  where,
  message: '`total` is no longer sent.',
});
const added: Change = {
  kind: 'field-added',
  severity: 'additive',
  operation: 'GET /a',
  where: '200 application/json price',
  message: '`price` is new.',
};
const declaredFor = (text: string) => [
  { change: text, kind: 'field-removed', why: 'Shown\n  nowhere', since: '2026-11-21' } as const,
];

test('one change in each media type and status of a call is told once', () => {
  const changes = [
    removed('GET /a', '200 application/json total'),
    removed('GET /a', '200 application/xml total'),
    removed('GET /a', '203 application/xml total'),
    removed('GET /b', '200 application/json total'),
  ];
  const { undeclared } = reviewChanges('web-bff', changes, []);
  expect(undeclared.map(({ operation, where }) => `${operation}: ${where}`)).toEqual([
    'GET /a: * * total',
    'GET /b: 200 application/json total',
  ]);
});

test('one change in many calls is told once', () => {
  const changes = ['GET /a', 'GET /b', 'GET /c'].map((name) => removed(name, '200 application/json total'));
  expect(reviewChanges('web-bff', changes, []).undeclared).toMatchObject([
    { operation: '*', where: '200 application/json total', changes },
  ]);
});

test('a change of a schema that is used in several places is told of the schema, and declared there', () => {
  const schema = { name: 'Money', where: 'currency', message: '`Money.currency` is no longer sent.' };
  const changes = [
    { ...removed('GET /a', '200 application/json total.currency'), schema },
    { ...removed('GET /a', '200 application/json tax.currency'), message: 'Other.', schema },
    { ...removed('GET /b', '200 application/xml total.currency'), schema },
  ];
  const review = reviewChanges('web-bff', changes, []);
  expect(toReport(review)).toBe(
    `web-bff:
  BREAKING  schema Money: currency
            \`Money.currency\` is no longer sent. (field-removed)
            In GET /a, GET /b`,
  );
  const [declaration] = declaredFor('schema Money: currency');
  expect(reviewChanges('web-bff', changes, [declaration!])).toMatchObject({ undeclared: [], unused: [] });
  expect(toDeclarations([review], '2026-11-21')).toContain("change: 'schema Money: currency'");
});

test('a report tells what breaks, what is meant, what is new, and what is out of date', () => {
  const changes = [removed('GET /a', '200 application/json total'), removed('GET /b', 'body total'), added];
  const declarations = [...declaredFor('GET /a: 200 * total'), ...declaredFor('GET /c: 200')];
  expect(toReport(reviewChanges('web-bff', changes, declarations))).toBe(
    `web-bff:
  BREAKING  GET /b: body total
            \`total\` is no longer sent. (field-removed)
  declared  GET /a: 200 application/json total
            \`total\` is no longer sent. (field-removed)
            Since 2026-11-21: Shown nowhere
  additive  GET /a: 200 application/json price
            \`price\` is new. (field-added)
  out of date: "GET /c: 200" (field-removed) is declared in contract-changes.yaml and nothing like it changed`,
  );
  expect(toReport(reviewChanges('web-bff', [], []))).toBe('web-bff: nothing changed.');
});

test('what is printed to be pasted declares what it was printed for, once it says why', () => {
  const changes = [
    removed('GET /a', '200 application/json total'),
    removed('GET /a', '200 application/xml total'),
    { ...removed('GET /b', `query a "it's"`), kind: 'value-removed' } as const,
  ];
  const text = toDeclarations([reviewChanges('web-bff', changes, [])], '2026-11-21');
  expect(() => readDeclaredBreaks(text)).toThrow('`why` must tell');
  const declarations = readDeclaredBreaks(text.replaceAll('…', 'Shown nowhere')).get('web-bff') ?? [];
  expect(declarations).toHaveLength(2);
  expect(reviewChanges('web-bff', changes, declarations)).toMatchObject({ undeclared: [], unused: [] });
});
