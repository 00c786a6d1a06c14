import { RetryBudget } from './retry-budget.js';

const usual = { budgetShare: 0.2, budgetPerSecond: 3 };

/** How many retries are granted when each of these calls wants `each` of them, one call every `everyMs`. */
function granted(calls: number, each: number, everyMs: number): number {
  const budget = new RetryBudget(usual);
  let retries = 0;
  for (let call = 0; call < calls; call += 1) {
    const nowMs = 1_000_000 + call * everyMs;
    budget.countCall(nowMs);
    for (let retry = 0; retry < each; retry += 1) if (budget.take(nowMs)) retries += 1;
  }
  return retries;
}

test('300 failing calls at once get a fifth as many retries', () => {
  expect(granted(300, 2, 0)).toBe(60);
  expect(granted(300, 2, 1)).toBeLessThanOrEqual(300 * 0.2 + 30);
});

test('under lasting failure, attempts stay at 1.2 times the calls', () => {
  expect(granted(20_000, 2, 5)).toBeLessThanOrEqual(20_000 * 0.2 + 60);
  expect(granted(20_000, 2, 5)).toBeGreaterThan(20_000 * 0.19);
});

test('with five calls a minute every retry is possible', () => {
  expect(granted(20, 2, 12_000)).toBe(40);
});

test('a floor of nothing and a share of nothing allow nothing', () => {
  const budget = new RetryBudget({ budgetShare: 0, budgetPerSecond: 0 });
  budget.countCall(0);
  expect(budget.take(0)).toBe(false);
});

test('what is older than ten seconds counts no more, after any pause', () => {
  const budget = new RetryBudget(usual);
  for (let call = 0; call < 1_000; call += 1) budget.countCall(5_500);
  expect(budget.left(5_500)).toBe(200);
  expect(budget.left(14_999)).toBe(200);
  expect(budget.left(15_000)).toBe(30);
  for (let retry = 0; retry < 30; retry += 1) expect(budget.take(20_000)).toBe(true);
  expect(budget.take(20_000)).toBe(false);
  expect(budget.left(3_600_000)).toBe(30);
});
