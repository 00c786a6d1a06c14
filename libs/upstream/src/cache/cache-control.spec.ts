import { CacheControl } from './cache-control.js';

test.each([
  ['max-age=60', 60],
  ['MAX-AGE=60', 60],
  ['max-age = "60"', 60],
  ['public,max-age=60,x=1', 60],
  ['max-age=60, max-age=60', 60],
  ['max-age=99999999999999999999', 2 ** 31],
  ['max-age=60, max-age=61', 0],
  ['max-age=-1', 0],
  ['max-age=1.5', 0],
  ['max-age=1e3', 0],
  ['max-age=', 0],
  ['max-age', 0],
  ['s-maxage=60', 0],
  ['', 0],
])('%j is max-age of %i seconds', (header, seconds) => {
  expect(new CacheControl(header).seconds('max-age')).toBe(seconds);
});

test('a list in quotes is one value, and its items are no directives', () => {
  const control = new CacheControl('no-cache="set-cookie, no-store", private="\\"x, public", max-age=1');
  expect(['no-cache', 'private', 'max-age', 'no-store', 'public'].map((name) => control.has(name))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(control.forPolicy()).toBe('no-cache, private, max-age=1');
});

test('a quote that never ends hides nothing', () => {
  expect(new CacheControl('x="a, no-store').has('no-store')).toBe(true);
});

test('a long header without any sense is read in no time', () => {
  expect(new CacheControl(`a${' '.repeat(100_000)}=="${'\\'.repeat(100_000)}`).has('no-store')).toBe(false);
});
