import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { AttemptError } from '../engine/attempt.error.js';
import type { Attempt } from '../engine/attempt.js';
import { toGrpcFailure } from './grpc-failure.js';
import type { MessageSink } from './raw-method.js';

/** How a service ended a call, in its own words. */
export interface GrpcStatus {
  readonly code: number;
  readonly details: string;
}

const statuses = new WeakMap<object, GrpcStatus>();

/** The status that made this failure, for who hands it on; never for logs. Undefined: the service said nothing. */
export function grpcStatusOf(failure: unknown): GrpcStatus | undefined {
  return typeof failure === 'object' && failure !== null ? statuses.get(failure) : undefined;
}

/**
 * Hands the messages of an answer on as they come. Resolves when they were all there and the service said OK; rejects
 * with UpstreamError, after the messages that came before. What has begun is never tried again.
 */
export function relayMessages(
  upstream: string,
  call: ClientReadableStream<Buffer>,
  attempt: Attempt,
  sink: MessageSink,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasBegun = false;
    let isCancelled = false;
    let refused: ServiceError | undefined;
    attempt.onCancel(() => {
      isCancelled = true;
      call.cancel();
    });
    const end = (): void => {
      if (refused === undefined) resolve();
      else reject(toFailure(upstream, refused, hasBegun));
    };
    call.on('data', (message: Buffer) => {
      if (isCancelled) return;
      if (!hasBegun) attempt.begin();
      hasBegun = true;
      if (sink.write(message)) return;
      call.pause();
      sink.onDrain(() => call.resume());
    });
    // Messages that came before it may still wait to be handed on.
    call.on('error', (error: ServiceError) => (refused = error));
    call.on('end', end);
  });
}

function toFailure(upstream: string, { code, details }: ServiceError, hasBegun: boolean): Error {
  const first = toGrpcFailure(upstream, code, details);
  const failure = hasBegun
    ? new AttemptError(upstream, first.reason, first.message, {
        ...(first.rejection === undefined ? {} : { rejection: first.rejection }),
        cause: first,
      })
    : first;
  statuses.set(failure, { code, details });
  return failure;
}
