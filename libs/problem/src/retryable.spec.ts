import { type ProblemCode, problemCodes } from './problem-codes.js';
import { createProblem } from './problem.js';

const codes = Object.keys(problemCodes) as ProblemCode[];

test('a problem says whether to try again: what passes by itself, and nothing that meets the same again', () => {
  expect(codes.filter((code) => createProblem(code).retryable)).toEqual([
    'request_timeout',
    'idempotency_key_in_use',
    'rate_limited',
    'upstream_unreachable',
    'upstream_bad_response',
    'overloaded',
    'sessions_unavailable',
    'idempotency_unavailable',
    'upstream_overloaded',
    'upstream_circuit_open',
    'upstream_timeout',
  ]);
});

test('whatever comes with a Retry-After is worth trying again', () => {
  const busy = codes.filter((code) => [429, 503].includes(problemCodes[code][0]));
  expect(busy.length).toBeGreaterThan(0);
  for (const code of busy) expect(createProblem(code)).toMatchObject({ retryable: true });
});
