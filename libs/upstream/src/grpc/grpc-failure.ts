import { status } from '@grpc/grpc-js';
import type { FailureReason, Rejection, UpstreamError } from '@bff/problem';
import { AttemptError } from '../engine/attempt.error.js';

const reasonByStatus = new Map<status, FailureReason>([
  [status.UNAVAILABLE, 'unreachable'],
  [status.DEADLINE_EXCEEDED, 'timeout'],
  [status.RESOURCE_EXHAUSTED, 'overloaded'],
]);

const rejectionByStatus = new Map<status, Rejection>([
  [status.NOT_FOUND, 'not_found'],
  [status.INVALID_ARGUMENT, 'invalid'],
  [status.FAILED_PRECONDITION, 'invalid'],
  [status.OUT_OF_RANGE, 'invalid'],
  [status.ALREADY_EXISTS, 'conflict'],
  [status.ABORTED, 'conflict'],
  [status.PERMISSION_DENIED, 'gateway'],
  [status.UNAUTHENTICATED, 'gateway'],
  [status.UNIMPLEMENTED, 'gateway'],
]);

/** What gRPC's own library says, with the status RESOURCE_EXHAUSTED, of a message above the limit. */
const tooLarge = /Received message larger than max/;

/** What a gRPC status other than OK means. Only UNAVAILABLE may be tried again (gRPC's own rule for retries). */
export function toGrpcFailure(upstream: string, code: status, details: string): UpstreamError {
  const message = `${status[code]}: ${details}`;
  const rejection = rejectionByStatus.get(code);
  if (rejection !== undefined) {
    const unauthorized = code === status.UNAUTHENTICATED;
    return new AttemptError(upstream, 'rejected', message, { rejection, unauthorized });
  }
  if (tooLarge.test(details)) return new AttemptError(upstream, 'bad_response', message);
  const reason = reasonByStatus.get(code) ?? 'bad_response';
  return new AttemptError(upstream, reason, message, {
    retry: code === status.UNAVAILABLE ? 'if_idempotent' : 'never',
  });
}
