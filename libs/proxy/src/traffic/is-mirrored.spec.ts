import { isMirrored } from './is-mirrored.js';

const mirror = { upstream: 'shadow', share: 0.1 };

test.each([
  ['GET', false, 0.09, true],
  ['HEAD', false, 0, true],
  ['GET', false, 0.1, false],
  ['GET', true, 0, false],
  ['POST', false, 0, false],
  ['OPTIONS', false, 0, false],
])('%s, with a body: %s, drawn %d: mirrored %s', (method, hasBody, draw, expected) => {
  expect(isMirrored(mirror, { method, hasBody }, draw)).toBe(expected);
});

test('a share of 0 mirrors nothing, and one of 1 all', () => {
  const asking = { method: 'GET', hasBody: false };
  expect(isMirrored({ ...mirror, share: 0 }, asking, 0)).toBe(false);
  expect(isMirrored({ ...mirror, share: 1 }, asking, 0.999_999)).toBe(true);
});
