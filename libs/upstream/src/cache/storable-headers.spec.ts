import { mergeHeaders, toStorableHeaders } from './storable-headers.js';

test('of headers that should come once the first counts, all others are lists, and cookies are left out', () => {
  const headers = {
    etag: ['"a"', '"b"'],
    expires: ['x', 'y'],
    vary: ['accept', 'origin'],
    'set-cookie': ['a=1'],
    'set-cookie2': 'b=2',
    gone: undefined,
  };
  expect(toStorableHeaders(headers)).toEqual({ etag: '"a"', expires: 'x', vary: 'accept, origin' });
});

test.each([
  ['5', '5'],
  ['5, 7', '5'],
  [['5', '7'], '5'],
  ['-5', undefined],
  ['5s', undefined],
  ['', undefined],
])('the age %j is read as %j', (age, read) => {
  expect(toStorableHeaders({ age })['age']).toBe(read);
});

test('a 304 changes and adds headers, but none that describe the body, and its own date and age count', () => {
  const stored = {
    date: 'then',
    etag: '"a"',
    'content-type': 'text/plain',
    'content-length': '5',
    'x-kept': 'a',
  };
  const update = { etag: 'W/"a"', 'content-type': 'text/html', 'content-length': '0', 'x-new': 'b' };
  expect(mergeHeaders(stored, update)).toEqual({
    etag: 'W/"a"',
    'content-type': 'text/plain',
    'content-length': '5',
    'x-kept': 'a',
    'x-new': 'b',
  });
  expect(mergeHeaders(stored, { date: 'now', age: '3' })).toMatchObject({ date: 'now', age: '3' });
});
