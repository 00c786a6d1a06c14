import { NotFoundException } from '@nestjs/common';
import { failureReasons, UpstreamError, type Rejection } from './upstream.error.js';
import { problemCodes } from './problem-codes.js';
import { ProblemError } from './problem.error.js';
import { toProblemError } from './to-problem.js';

const statusOf = (thrown: unknown) => problemCodes[toProblemError(thrown).code][0];

test.each([
  ['timeout', 504],
  ['unreachable', 502],
  ['overloaded', 503],
  ['rejected', 502],
  ['bad_response', 502],
  ['circuit_open', 503],
] as const)('an upstream that failed by %s becomes a %i', (reason, status) => {
  expect(failureReasons).toContain(reason);
  expect(statusOf(new UpstreamError('orders', reason))).toBe(status);
});

test.each([
  ['not_found', 404],
  ['invalid', 422],
  ['conflict', 409],
  ['gateway', 502],
] satisfies [Rejection, number][])('a call rejected as %s becomes a %i', (rejection, status) => {
  expect(statusOf(new UpstreamError('orders', 'rejected', 'secret words', { rejection }))).toBe(status);
});

test('what an upstream said is kept for the log and not for the caller', () => {
  const error = toProblemError(new UpstreamError('orders', 'bad_response', 'secret words'));
  expect(error.detail).toBeUndefined();
  expect(String(error.cause)).toContain('secret words');
});

test('a problem stays what it is, a Nest exception keeps its status, anything else is a 500', () => {
  const problem = new ProblemError('conflict');
  expect(toProblemError(problem)).toBe(problem);
  expect(statusOf(new NotFoundException('GET /secret'))).toBe(404);
  expect(toProblemError(new NotFoundException('GET /secret')).detail).toBeUndefined();
  expect(statusOf('a string')).toBe(500);
});
