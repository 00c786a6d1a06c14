import { status } from '@grpc/grpc-js';
import { type FailureReason, type Rejection, UpstreamError } from '@bff/problem';

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

/** What a gRPC status other than OK means. */
export function toGrpcFailure(upstream: string, code: status, details: string): UpstreamError {
  const message = `${status[code]}: ${details}`;
  const rejection = rejectionByStatus.get(code);
  if (rejection !== undefined) return new UpstreamError(upstream, 'rejected', message, { rejection });
  return new UpstreamError(upstream, reasonByStatus.get(code) ?? 'bad_response', message);
}
