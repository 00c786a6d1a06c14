import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { routeOf } from '../route.fixture.js';
import { readPath } from '../table/read-path.js';
import { createRouteTable } from '../table/route-table.js';
import type { QueryRules } from '../route.js';
import { toUpstreamTarget } from './to-upstream-target.js';

// Another try is another test: one failure counts.
jest.retryTimes(0);

/** The target at the upstream of a request for a route; undefined: refused, or not for this route. */
function send(from: string, to: string | undefined, target: string, query?: QueryRules): string | undefined {
  const route = routeOf('r', from, { ...(to === undefined ? {} : { rewrite: to }), query });
  const read = readPath(target);
  const found =
    read &&
    createRouteTable([route], []).match({
      method: 'GET',
      host: undefined,
      path: read.path,
      header: () => undefined,
      query: () => undefined,
    });
  return read && typeof found === 'object' && 'route' in found
    ? toUpstreamTarget(found.route, read, found.params)
    : undefined;
}

test.each([
  ['/api/catalog/**', '/v2/**', '/api/catalog/books/7', '/v2/books/7'],
  ['/api/catalog/**', '/v2/**', '/api/catalog', '/v2'],
  ['/api/catalog/**', '/v2/**', '/api/catalog/', '/v2/'],
  ['/api/**', '/**', '/api', '/'],
  ['/api/**', '/**', '/api/x', '/x'],
  ['/**', '/old/**', '/', '/old/'],
  ['/u/:id', '/users/:id', '/u/a%2Bb%C3%A9;v=1', '/users/a%2Bb%C3%A9;v=1'],
  ['/:a/:b', '/:b/x/:a/', '/1/2', '/2/x/1/'],
  ['/old/**', '/gone', '/old/a/b', '/gone'],
  ['/%61dmin/**', '/caf%C3%A9/**', '/admin/x', '/caf%C3%A9/x'],
  ['/a/**', undefined, '/%61/b%20c/', '/%61/b%20c/'],
])('%s to %s makes of %s %s', (from, to, target, expected) => {
  expect(send(from, to, target)).toBe(expected);
});

test('a query goes on as it came, byte for byte', () => {
  expect(send('/a/**', '/b/**', '/a/x?a=1&a=%32&&+%20=%zz&q=%0d%0a')).toBe(
    '/b/x?a=1&a=%32&&+%20=%zz&q=%0d%0a',
  );
  expect(send('/a', undefined, '/a?')).toBe('/a?');
});

test.each([
  [{ set: {}, remove: ['b', 'c d'] }, '?a=%31&b=1&%62=2&b&c+d=3&c%20d&z', '?a=%31&z'],
  [{ set: { key: 'a&b=c d' }, remove: [] }, '?key=1&x=y&k%65y=2', '?x=y&key=a%26b%3Dc%20d'],
  [{ set: { key: '1' }, remove: [] }, '', '?key=1'],
  [{ set: {}, remove: ['a'] }, '?a=1', ''],
  [{ set: {}, remove: ['a'] }, '?%ff=1&a=2', '?%ff=1'],
])('by the rules %j the query %s becomes %s', (rules, query, expected) => {
  expect(send('/a', undefined, `/a${query}`, rules)).toBe(`/a${expected}`);
});

const piece = fc.oneof(
  fc.constantFrom(
    '/',
    '.',
    '..',
    '%2e',
    '%2E',
    '%252e',
    '%2f',
    '%252f',
    '%5c',
    '\\',
    ';',
    '%3b',
    '%00',
    '%0d%0a',
    '%25',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 3 }),
  fc.string({ unit: 'binary', maxLength: 2 }),
);

/** Segments that leave their place, for a service that decodes once more. */
const leaving = (path: string): string[] =>
  decodeURIComponent(path.replaceAll(/%[89a-f][\da-f]/gi, 'x'))
    .split(/[/\\]/)
    .filter((segment) => /^(\.|%2e){1,2}(;|$)/i.test(segment));

test.each([
  ['/api/catalog/**', '/v2/books/**', '/v2/books'],
  ['/api/catalog/:id', '/v2/:id/books', '/v2/'],
  ['/api/catalog/:id/**', '/v2/**', '/v2'],
  ['/api/catalog/**', undefined, '/api/catalog'],
])('whatever comes in for %s to %s, nothing leaves %s', (from, to, prefix) => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const target = send(from, to, `/api/catalog/${pieces.join('')}`);
      if (target === undefined) return;
      const path = target.split('?', 1)[0] ?? '';
      expect(path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)).toBe(true);
      expect(leaving(path)).toEqual([]);
      expect(new URL(`http://host${path}`).pathname.split('/')).toHaveLength(path.split('/').length);
      // oxlint-disable-next-line no-control-regex -- it is what must not come through
      expect(path).not.toMatch(/[\0-\x20\x7f\\#]|%(25)*(00|0[ad]|2f|5c)/i);
    }),
    { numRuns: 3_000 },
  );
});
