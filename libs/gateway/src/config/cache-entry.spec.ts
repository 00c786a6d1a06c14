import { RouteEntry } from './route-entry.js';

const route = { name: 'books', match: { path: '/books/:id' }, upstream: 'catalog' };
const mistakesOf = (more: object): string[] =>
  (RouteEntry.safeParse({ ...route, ...more }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

test('a cache is read with its defaults', () => {
  const { cache } = RouteEntry.parse({ ...route, cache: { maxAge: '60s', tags: ['books', 'book-:id'] } });
  expect(cache).toEqual({
    maxAge: 60,
    tags: ['books', 'book-:id'],
    shared: false,
    vary: [],
    maxBytes: 1_048_576,
  });
});

test.each([
  [{ cache: { shared: true } }, 'cache.shared: needs access: { public: true }: callers have their own'],
  [
    { cache: {}, access: { public: true } },
    'cache.shared: must be true on a public route, where nobody knows whose an answer is',
  ],
  [
    { cache: {}, cookies: 'pass' },
    'cache: needs cookies: none, for an answer to a cookie belongs to whoever has that cookie',
  ],
  [
    { cache: {}, upstream: undefined, static: {} },
    'cache: needs upstream or split: a static answer is always there',
  ],
  [
    { cache: {}, transform: { response: { allow: ['id'] } } },
    'cache: cannot be beside transform: such answers are not kept',
  ],
  [{ cache: { tags: ['book-:sku'] } }, 'cache.tags.0: has :sku, which the path does not give'],
  [{ cache: { maxAge: '1500ms' } }, 'cache.maxAge: expected whole seconds'],
  [{ cache: { maxBytes: '7MiB' } }, 'cache.maxBytes: expected 6MiB at most'],
  [{ cache: { tags: ['a b'] } }, 'cache.tags.0: expected a tag such as books or book-:id'],
])('%j is a mistake: %s', (more, message) => {
  expect(mistakesOf(more)).toEqual([message]);
});
