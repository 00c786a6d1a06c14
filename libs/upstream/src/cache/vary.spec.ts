import { isSeenByAll, readVary, varyMatches } from './vary.js';

const request = { accept: 'a', authorization: 'Bearer x', cookie: 'y', 'x-tenant': 't' };

test('what proves who is calling is never remembered', () => {
  const vary = readVary('Authorization, Cookie, Proxy-Authorization, Accept', request);
  expect([...(vary ?? [])]).toEqual([
    ['authorization', undefined],
    ['cookie', undefined],
    ['proxy-authorization', undefined],
    ['accept', 'a'],
  ]);
});

test('a header that is absent is another value than one that is empty', () => {
  const vary = readVary('accept-language', {})!;
  expect(varyMatches(vary, {})).toBe(true);
  expect(varyMatches(vary, { 'accept-language': '' })).toBe(false);
});

test('names of what every object has are names of headers', () => {
  const vary = readVary('constructor', {})!;
  expect(varyMatches(vary, { accept: 'a' })).toBe(true);
  expect([...vary.values()]).toEqual([undefined]);
});

test.each([
  ['accept', true],
  ['accept, accept-language', true],
  ['x-tenant', true],
  ['x-user-id', false],
  ['accept, authorization', false],
  ['cookie', false],
])('by %s everybody may choose: %s', (header, isSeen) => {
  expect(isSeenByAll(readVary(header, request)!)).toBe(isSeen);
});
