import { Latencies } from './latencies.js';

test('quantiles are right to a tenth', () => {
  const latencies = new Latencies();
  for (let value = 1; value <= 1_000; value += 1) latencies.add(value);
  for (const [part, exact] of [
    [0.5, 500],
    [0.95, 950],
    [0.99, 990],
  ] as const) {
    const quantile = latencies.quantile(part) ?? 0;
    expect(quantile).toBeGreaterThanOrEqual(exact * 0.99);
    expect(quantile).toBeLessThanOrEqual(exact * 1.11);
  }
});

test('the p95 is a guess until 50 latencies are known', () => {
  const latencies = new Latencies();
  for (let count = 0; count < 49; count += 1) latencies.add(2);
  expect(latencies.p95).toBeUndefined();
  latencies.add(2);
  expect(latencies.p95).toBeCloseTo(2, 0);
});

test('what was long ago counts less and less', () => {
  const latencies = new Latencies();
  for (let count = 0; count < 10_000; count += 1) latencies.add(1);
  for (let count = 0; count < 10_000; count += 1) latencies.add(100);
  expect(latencies.quantile(0.5)).toBeGreaterThan(90);
});

test('nothing, an instant and an hour are taken too', () => {
  const latencies = new Latencies();
  expect(latencies.quantile(0.5)).toBeUndefined();
  latencies.add(0);
  latencies.add(3_600_000);
  expect(latencies.quantile(0.4)).toBeCloseTo(0.1);
  expect(latencies.quantile(1)).toBeGreaterThan(3_000);
});
