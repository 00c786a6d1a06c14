import { compareAppVersions, readAppVersion } from './app-version.js';

const sign = (one: string, other: string): number =>
  Math.sign(compareAppVersions(readAppVersion(one) ?? [], readAppVersion(other) ?? []));

test.each([
  ['1.2.3', '1.2.3', 0],
  ['1.2', '1.2.0', 0],
  ['1.10.0', '1.9.9', 1],
  ['2', '10.0.0.1', -1],
  ['1.2.3-beta.1', '1.2.3+456', 0],
])('%s beside %s: %i', (one, other, expected) => {
  expect([sign(one, other), sign(other, one)]).toEqual([expected, 0 - expected]);
});

test.each([
  undefined,
  '',
  'latest',
  '1.',
  '.1',
  '1..2',
  '1.2.3.4.5',
  '1.2.3, 1.2.4',
  '9'.repeat(10),
  '1.2.3-',
  '-1',
])('%j is no version', (text) => {
  expect(readAppVersion(text)).toBeUndefined();
});
