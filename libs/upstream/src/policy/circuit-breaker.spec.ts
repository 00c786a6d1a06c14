import { CircuitBreaker, type Outcome } from './circuit-breaker.js';

const policy = {
  minimumCalls: 20,
  failureRate: 0.5,
  slowAfterMs: 100,
  slowRate: 1,
  openMs: 1_000,
  probes: 3,
};

/** A breaker whose clock is moved by hand, and what it said of its changes. */
function createBreaker() {
  const changes: string[] = [];
  const breaker = new CircuitBreaker('orders', policy, (state, why) => changes.push(`${state}: ${why}`));
  const clock = { nowMs: 50_000 };
  const call = (outcome: Outcome, tookMs = 1, answered = outcome === 'success'): void => {
    const probe = breaker.enter(clock.nowMs);
    breaker.leave(probe, outcome, answered, clock.nowMs, clock.nowMs + tookMs);
  };
  const calls = (count: number, outcome: Outcome, tookMs?: number): void => {
    for (let index = 0; index < count; index += 1) call(outcome, tookMs);
  };
  return { breaker, changes, clock, call, calls };
}

test('19 failures of 19 do not open it, the 20th does, and that is told once', () => {
  const { breaker, changes, calls } = createBreaker();
  calls(19, 'failure');
  expect(breaker.state).toBe('closed');
  calls(1, 'failure');
  expect(breaker.state).toBe('open');
  expect(changes).toEqual(['open: 20 of 20 calls failed']);
});

test('10 failures of 20 open it, 9 do not', () => {
  const fewer = createBreaker();
  fewer.calls(11, 'success');
  fewer.calls(9, 'failure');
  expect(fewer.breaker.state).toBe('closed');
  const enough = createBreaker();
  enough.calls(10, 'success');
  enough.calls(10, 'failure');
  expect(enough.breaker.state).toBe('open');
});

test('an outage after a long good time opens it after 50 calls', () => {
  const { breaker, calls } = createBreaker();
  calls(5_000, 'success');
  calls(49, 'failure');
  expect(breaker.state).toBe('closed');
  calls(1, 'failure');
  expect(breaker.state).toBe('open');
});

test('what is older than 30 s does not count', () => {
  const { breaker, clock, calls } = createBreaker();
  calls(19, 'failure');
  clock.nowMs += 30_001;
  calls(19, 'failure');
  expect(breaker.state).toBe('closed');
});

test('when every call is slow it opens, though all were answered', () => {
  const { breaker, changes, calls } = createBreaker();
  calls(19, 'success', 101);
  calls(1, 'success', 99);
  expect(breaker.state).toBe('closed');
  calls(100, 'success', 101);
  expect(breaker.state).toBe('open');
  expect(changes[0]).toContain('slow');
});

test('rejections and callers who left count for nothing', () => {
  const { breaker, calls } = createBreaker();
  calls(500, 'neutral', 5_000);
  calls(19, 'failure');
  expect(breaker.state).toBe('closed');
});

test('open, it refuses at once and says how long', () => {
  const { breaker, clock, calls } = createBreaker();
  calls(20, 'failure');
  clock.nowMs += 400;
  expect(() => breaker.enter(clock.nowMs)).toThrow(
    expect.objectContaining({ reason: 'circuit_open', upstream: 'orders', retryAfterMs: 601 }),
  );
});

test('after the open time exactly one probe at a time gets through, and three in a row close it', () => {
  const { breaker, changes, clock, calls, call } = createBreaker();
  calls(20, 'failure');
  clock.nowMs += 1_001;
  for (let probe = 0; probe < 3; probe += 1) {
    expect(breaker.enter(clock.nowMs)).toBe(true);
    for (let other = 0; other < 100; other += 1) {
      expect(() => breaker.check(clock.nowMs)).toThrow('circuit_open');
      expect(() => breaker.enter(clock.nowMs)).toThrow('circuit_open');
    }
    breaker.leave(true, 'success', true, clock.nowMs, clock.nowMs);
  }
  expect(breaker.state).toBe('closed');
  expect(changes.map((change) => change.split(':')[0])).toEqual(['open', 'half_open', 'closed']);
  call('failure');
  expect(breaker.state).toBe('closed');
});

test('a failed probe opens it again for the whole time', () => {
  const { breaker, clock, calls, call } = createBreaker();
  calls(20, 'failure');
  clock.nowMs += 1_001;
  call('success');
  call('failure');
  expect(breaker.state).toBe('open');
  clock.nowMs += 990;
  expect(() => breaker.check(clock.nowMs)).toThrow('circuit_open');
});

test('a probe whose caller left says nothing, and the next one may go; one that was rejected was answered', () => {
  const { breaker, clock, calls, call } = createBreaker();
  calls(20, 'failure');
  clock.nowMs += 1_001;
  call('neutral', 1, false);
  expect(breaker.state).toBe('half_open');
  for (let probe = 0; probe < 3; probe += 1) call('neutral', 1, true);
  expect(breaker.state).toBe('closed');
});
