import type { Change } from './change.js';
import { covers, readDeclaredBreaks } from './declared-break.js';

const change: Change = {
  kind: 'field-removed',
  severity: 'breaking',
  operation: 'GET /api/orders',
  where: '200 application/json orders[].total',
  message: '',
};

const declared = (text: string) => ({ change: text, kind: 'field-removed', why: 'w', since: '' }) as const;

test.each([
  ['GET /api/orders: 200 application/json orders[].total', true],
  ['GET /api/orders: 200 * orders[].total', true],
  ['GET /api/orders: * * orders[].total', true],
  ['*: 200 * orders[].total', true],
  ['GET /api/orders: 200 *', false],
  ['GET /api/orders: 200 * orders[].*', false],
  ['GET /api/orders: 201 * orders[].total', false],
  ['GET /api/*: 200 * orders[].total', false],
])('"%s" covers the change: %j', (text, expected) => {
  expect(covers(declared(text), change)).toBe(expected);
});

test('a declaration covers changes of its kind only', () => {
  const other: Change = { ...change, kind: 'became-optional' };
  expect(covers(declared('*: 200 * orders[].total'), other)).toBe(false);
});

test('an entry is read as it is written, and an app without entries has none', () => {
  const entry = { change: 'GET /a: 200', kind: 'status-removed', why: 'Nobody asks', since: '2026-11-21' };
  const text = `web-bff:\n  - { change: 'GET /a: 200', kind: status-removed, why: Nobody asks, since: 2026-11-21 }\ntv-bff:\n`;
  expect([...readDeclaredBreaks(text)]).toEqual([
    ['web-bff', [entry]],
    ['tv-bff', []],
  ]);
  expect(readDeclaredBreaks('# nothing yet\n').size).toBe(0);
});

test.each([
  ['- 1', 'the apps must be a map: `<app>: [<entry>, …]`'],
  ['a: 1', 'a: must be a list'],
  ['a: [1]', 'a[0]: must be `{ change, kind, why, since }`'],
  [
    'a: [{ change: x, kind: y, why: …, since: June, who: me }]',
    [
      'a[0]: `change` must be `<operation>: <where>`',
      'a[0]: `kind` must be one that `npm run contract` names',
      'a[0]: `why` must tell frontend developers why',
      'a[0]: `since` must be a day: YYYY-MM-DD',
      'a[0]: unknown key `who`',
    ].join('\n'),
  ],
])('%s is refused with everything that is wrong', (text, message) => {
  expect(() => readDeclaredBreaks(text)).toThrow(new Error(message));
});
