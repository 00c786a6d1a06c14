import { chooseCoding } from './choose-coding.js';

test.each([
  [undefined, 1_000, undefined],
  ['', 1_000, undefined],
  ['identity', 1_000, undefined],
  ['gzip', 1_000, 'gzip'],
  ['x-gzip', 1_000, 'gzip'],
  ['GZIP, deflate, BR', 1_000, 'br'],
  ['gzip, deflate, br, zstd', 1_000, 'br'],
  ['gzip, deflate, br, zstd', 100_000, 'zstd'],
  ['gzip;q=1, br;q=0.5', 1_000, 'gzip'],
  ['br;q=0, gzip;q=0.1', 1_000, 'gzip'],
  ['*', 1_000, 'br'],
  ['*;q=0.5, br;q=0', 1_000, 'zstd'],
  ['*;q=0', 1_000, undefined],
  ['identity;q=1, gzip;q=0.5', 1_000, undefined],
  ['gzip;q=nonsense', 1_000, undefined],
  ['deflate, compress', 1_000, undefined],
])('who sends %j gets %d bytes as %s', (accepted, bytes, coding) => {
  expect(chooseCoding(accepted, bytes)).toBe(coding);
});
