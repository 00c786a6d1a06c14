import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { routeOf } from '../route.fixture.js';
import { type Asked, find } from './route-request.fixture.js';
import { createRouteTable, type RouteTable } from './route-table.js';

// Another try is another test: one failure counts.
jest.retryTimes(0);

const segment = fc.constantFrom('a', 'b', ':x', ':y', 'c%20d');
const template = fc
  .tuple(fc.uniqueArray(segment, { maxLength: 4 }), fc.constantFrom('', '/', '/**'))
  .map(([parts, end]) => parts.map((part) => `/${part}`).join('') + end || '/');
const conditions = fc.record(
  {
    methods: fc.constantFrom(['GET'], ['POST']),
    host: fc.constantFrom('one', 'two'),
    query: fc.constantFrom<Record<string, string>>({ v: '1' }, { w: '1' }, { v: '1', w: '1' }),
  },
  { requiredKeys: [] },
);
const asking = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST'),
  host: fc.constantFrom('one', 'two', 'three'),
  query: fc.constantFrom<Record<string, string>>({}, { v: '1' }, { v: '1', w: '1' }),
});
const asked = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'c%20d'), { maxLength: 5 }), fc.constantFrom('', '/'))
  .map(([parts, end]) => parts.map((part) => `/${part}`).join('') + end || '/');

/** The slow and obvious way to judge one line. */
function takes(line: ReturnType<RouteTable['entries']>[number], path: string, ask: Asked): boolean {
  const source = line.path.replace(/\/\*\*$/, '(/.*)?').replaceAll(/:\w+/g, '[^/]+');
  return (
    new RegExp(`^${source}${line.name === undefined ? '/?' : ''}$`).test(path) &&
    (line.methods === undefined || line.methods.includes(ask.method ?? '')) &&
    (line.host === undefined || line.host === ask.host) &&
    Object.entries(line.query).every(([name, value]) => ask.query?.[name] === value)
  );
}

test('whatever the routes, a request goes to the first line of the list that takes it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(template, conditions), { maxLength: 12 }),
      fc.uniqueArray(template, { maxLength: 3 }),
      fc.array(fc.tuple(asked, asking), { minLength: 1, maxLength: 5 }),
      (given, viewPaths, requests) => {
        const routes = given.map(([path, match], index) => routeOf(`r${index}`, path, { match }));
        const views = viewPaths
          .filter((path) => !path.endsWith('/'))
          .map((path) => ({ method: 'GET', path }));
        let table: RouteTable;
        try {
          table = createRouteTable(routes, views);
        } catch {
          return fc.pre(false);
        }
        for (const [path, ask] of requests) {
          const line = table.entries().find((one) => takes(one, path, ask));
          expect(find(table, path, ask)).toBe(line && (line.name ?? 'view'));
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
