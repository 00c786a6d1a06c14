import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { readPath } from './read-path.js';

// Another try is another test: one failure counts.
jest.retryTimes(0);

test.each([
  '/',
  '/a',
  '/a/',
  '/a/b.txt/...',
  '/.well-known/x',
  '/a;v=1/b',
  '/caf%C3%A9/caf%E9',
  '/100%25/a%20b',
  '/50%2525',
  "/a:b@c!$&'()*+,=~-_",
  '/a%3Fb%23c',
])('%s stays as it is', (path) => {
  expect(readPath(path)).toEqual({ path, query: '' });
});

test.each(['?', '?a=1&a=2', '?q=a//b/../c%2F%00%', '?x?y'])(
  'the query %s is the business of the service',
  (query) => {
    expect(readPath(`/a${query}`)).toEqual({ path: '/a', query });
  },
);

test.each([
  ['dot segments', ['/.', '/..', '/a/../b', '/a/./b', '/a/..', '/../a']],
  ['encoded dot segments', ['/%2e', '/%2E%2e/a', '/.%2e', '/a/%2e./b', '/%252e%252e/a', '/%25252e./a']],
  ['dot segments behind a semicolon', ['/..;/a', '/.;x', '/%2e%2e;x=1/a', '/..%3b/a', '/..%253bx/a']],
  ['empty segments', ['//', '//a', '/a//b', '/a//', '/a/;x/b', '/%3b']],
  ['slashes inside of a segment', ['/a%2fb', '/a%2Fb', '/a%5cb', '/a%5Cb', '/a\\b', '/a%252fb', '/a%25255c']],
  [
    'dots and slashes that only careless decoders see',
    ['/%c0%ae%c0%ae/a', '/a%c0%afb', '/%e0%80%ae', '/%f0%80%80%ae'],
  ],
  ['spaces around dots, which some file systems drop', ['/..%20/a', '/%20../a']],
  ['encoded controls', ['/a%00', '/a%0d%0ab', '/a%7f', '/a%1F', '/a%c2%85', '/a%2500', '/a%250a']],
  [
    'raw controls, spaces and other bytes',
    ['/a\0', '/a\r\nb', '/a b', '/a\tb', '/a\x7f', '/é', '/a?b c', '/a?\n'],
  ],
  ['broken escapes', ['/%', '/a%2', '/%zz', '/%u002e', '/a%/b']],
  ['escapes of escapes of escapes', [`/%${'25'.repeat(9)}41`]],
  ['fragments', ['/a#b', '/a?b#c', '/#']],
  ['other forms of a target', ['', '*', 'a', 'http://a/b', 'HTTP://a', 'a:443', '?a', '\\a']],
])('%s are refused', (_, targets) => {
  expect(targets.filter((target) => readPath(target) !== undefined)).toEqual([]);
});

test('a path of many escapes is judged at once', () => {
  expect(readPath(`/%${'25'.repeat(4_000)}`)).toBeUndefined();
});

const piece = fc.constantFrom(
  '/',
  '.',
  '..',
  '%',
  '2e',
  '%2e',
  '%2f',
  '%5c',
  '%25',
  '%00',
  ';',
  '\\',
  'a',
  '%41',
  '?',
);

/** As the URL parser of browsers and of many services reads it. */
const asRead = (path: string): string => new URL(`http://host${path}`).pathname;

test('what is let through means the same to a URL parser, even to one that gets it decoded', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const read = readPath(`/${pieces.join('')}`);
      if (read === undefined) return;
      expect(asRead(read.path)).toBe(read.path);
      const decoded = read.path.replaceAll('%25', '%');
      expect(asRead(decoded)).toBe(decoded);
    }),
    { numRuns: 5_000 },
  );
});
