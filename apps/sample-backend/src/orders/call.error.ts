import type { status } from '@grpc/grpc-js';

/** The caller's fault, as a gRPC status. */
export class CallError extends Error {
  constructor(
    readonly code: status,
    message: string,
  ) {
    super(message);
    this.name = 'CallError';
  }
}
