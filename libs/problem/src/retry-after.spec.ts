import { toRetryAfter } from './retry-after.js';

/** A thousand draws leave out one of at most 11 seconds less than once in 10^40 runs. */
const drawn = (earliestMs: number, latestMs?: number) => {
  const draws = Array.from({ length: 1_000 }, () => Number(toRetryAfter(earliestMs, latestMs)));
  return [...new Set(draws)].toSorted((one, other) => one - other);
};

test('those who are refused are told every second from the earliest to half as long again', () => {
  expect(drawn(10_000)).toEqual([10, 11, 12, 13, 14, 15]);
});

test('a short wait is spread over two seconds more', () => {
  expect([drawn(1_000), drawn(2_000)]).toEqual([
    [1, 2, 3],
    [2, 3, 4],
  ]);
});

test('where it is known when it is too late, nobody is told to come later', () => {
  expect(drawn(4_200, 5_000)).toEqual([5]);
  expect(drawn(2_200, 5_000)).toEqual([3, 4, 5]);
});

test('no time is too short or too odd for a whole second that is not too early', () => {
  expect([drawn(0, 0), drawn(1, 1), drawn(1_000, 1_000), drawn(1_001, 500)]).toEqual([[1], [1], [1], [2]]);
});
