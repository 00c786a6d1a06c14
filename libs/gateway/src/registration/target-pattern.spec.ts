import { allowsTarget, readTarget, readTargetPattern } from './target-pattern.js';

test.each([
  ['http://10.1.2.3:8080', '10.0.0.0/8', true],
  ['http://10.1.2.3:8080', '10.1.2.3', true],
  ['http://10.1.2.3:8080', '10.1.2.3:8080', true],
  ['http://10.1.2.3:8080', '10.1.2.3:80', false],
  ['http://10.1.2.3:8080', '10.1.2.3:*', true],
  ['http://10.1.2.3', 'http://10.1.2.3', true],
  ['https://10.1.2.3', 'http://10.1.2.3', false],
  ['https://10.1.2.3', 'https://10.1.2.3', true],
  ['https://10.1.2.3:444', 'https://10.1.2.3', false],
  ['http://11.0.0.1', '10.0.0.0/8', false],
  ['http://[fd00::1]:80', '[fd00::]/8', true],
  ['http://[fe80::1]:80', '[fd00::]/8', false],
  ['http://a.reviews.svc:8080', '*.reviews.svc:8080', true],
  ['http://a.b.reviews.svc:8080', '*.reviews.svc:8080', true],
  ['http://reviews.svc:8080', '*.reviews.svc:8080', false],
  ['http://evilreviews.svc:8080', '*.reviews.svc:8080', false],
  ['http://10.0.0.1.reviews.svc', '*.reviews.svc', true],
  ['http://reviews', 'reviews', true],
  ['http://reviews:80', 'http://reviews', true],
  ['https://reviews:443', 'https://reviews', true],
  ['https://reviews:80', 'https://reviews', false],
  ['http://reviews.evil', 'reviews', false],
])('%s is on a list of %s: %j', (text, pattern, isAllowed) => {
  expect(allowsTarget(readTargetPattern(pattern)!, readTarget(text)!)).toBe(isAllowed);
});

test.each([
  'ftp://10.0.0.1',
  'http://10.0.0.1/path',
  'http://10.0.0.1?a',
  'http://user@10.0.0.1',
  'http://0x0a000001',
  'http://167772161',
  'http://010.0.0.1',
  'http://[::ffff:10.0.0.1]',
  'http://10.0.0.1#a',
  '10.0.0.1:80',
  '//10.0.0.1',
  '',
])('%j is no target: no plain origin, or one in disguise', (text) => {
  expect(readTarget(text)).toBeUndefined();
});

test.each([
  '',
  '*',
  'a b',
  '10.0.0.0/33',
  '10.0.0',
  '0x10',
  'a.1',
  'http://',
  'reviews:99999',
  'reviews/8',
  'a..b',
  '*.*.svc',
])('%j is no pattern', (text) => {
  expect(readTargetPattern(text)).toBeUndefined();
});
