import { readTemplate } from '@bff/proxy';
import { issuersOf } from './registration.fixture.js';
import { Prefixes } from './prefixes.js';

const prefixes = new Prefixes(
  issuersOf({ shop: ['/api'], reviews: ['/api/reviews'], more: ['/api/reviews', '/x/y'] }),
);
const owners = (path: string): string[] =>
  ['shop', 'reviews', 'more', 'nobody'].filter((issuer) =>
    prefixes.isOwner(issuer, path.slice(1).split('/')),
  );

test.each<[string, string[]]>([
  ['/api', ['shop']],
  ['/api/books', ['shop']],
  ['/api/reviews', ['reviews', 'more']],
  ['/api/reviews/7/pages', ['reviews', 'more']],
  ['/api/reviewsx', ['shop']],
  ['/x', []],
  ['/x/y', ['more']],
  ['/other', []],
])('%s belongs to %j: to the longest prefix above it', (path, issuers) => {
  expect(owners(path)).toEqual(issuers);
});

test.each([
  ['shop', '/api/:kind', true],
  ['shop', '/api/**', true],
  ['shop', '/:kind/reviews', false],
  ['shop', '/**', false],
  ['shop', '/api/reviews/:id', false],
  ['reviews', '/api/reviews/:id/pages/**', true],
  ['reviews', '/api/:kind/reviews', false],
  ['reviews', '/api', false],
])(
  'what %s may have of %s lies below its prefix, by the literals that it begins with: %j',
  (issuer, path, isCovered) => {
    expect(prefixes.covers(issuer, readTemplate(path))).toBe(isCovered);
  },
);
