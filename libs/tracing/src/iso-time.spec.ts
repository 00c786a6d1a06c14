import { isoTime } from './iso-time.js';

test('it is the present moment to the millisecond, as a member of a JSON object', () => {
  for (let times = 0; times < 1_000; times += 1) {
    const before = Date.now();
    const text = isoTime();
    const { time } = JSON.parse(`{"a":1${text}}`) as { time: string };
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
  }
});
