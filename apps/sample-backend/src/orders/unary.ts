import {
  status,
  type handleUnaryCall,
  type Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js';

import type { FaultBoard } from '../faults/fault-board.js';
import { meetFault } from '../faults/meet-fault.js';
import type { AssertionVerifier } from '../gateway-only/assertion-verifier.js';
import { grpcCallThroughGateway } from '../gateway-only/grpc-call-through-gateway.js';
import { NotThroughGatewayError } from '../gateway-only/not-through-gateway.error.js';
import { log } from '../log.js';
import { CallError } from './call.error.js';

const codeOfHttpStatus: Record<number, status> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  429: status.RESOURCE_EXHAUSTED,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

/** What a call has to pass. */
export interface Guards {
  faults: FaultBoard;
  verifier: AssertionVerifier;
}

/** A unary gRPC method to which the faults of the order service happen, for whom the gateway calls. */
export function unary<Request extends { userId: string }, Reply>(
  { faults, verifier }: Guards,
  answer: (request: Request, metadata: Metadata) => Reply,
): handleUnaryCall<Request, Reply> {
  const respond = async (call: ServerUnaryCall<Request, Reply>, callback: sendUnaryData<Reply>) => {
    try {
      await passFaults(call, faults);
      const { userId } = await grpcCallThroughGateway(verifier, call.metadata);
      if (call.request.userId !== userId) {
        throw new CallError(status.PERMISSION_DENIED, 'orders are shown to their owner only');
      }
      callback(null, answer(call.request, call.metadata));
    } catch (error) {
      callback(toStatus(error));
    }
  };
  return (call, callback) => void respond(call, callback);
}

async function passFaults(call: ServerUnaryCall<unknown, unknown>, faults: FaultBoard): Promise<void> {
  const hungUp = new AbortController();
  call.on('cancelled', () => hungUp.abort());

  const outcome = await meetFault(faults.current('orders'), hungUp.signal);
  if (outcome === 'serve') return;
  if (outcome === 'gone') throw new CallError(status.CANCELLED, 'the caller hung up');
  throw new CallError(codeOfHttpStatus[outcome.status] ?? status.INTERNAL, 'orders was told to fail');
}

function toStatus(error: unknown): { code: status; details: string } {
  if (error instanceof CallError) return { code: error.code, details: error.message };
  if (error instanceof NotThroughGatewayError) {
    return { code: status.UNAUTHENTICATED, details: error.message };
  }
  log('call failed', { service: 'orders', error: String(error) });
  return { code: status.INTERNAL, details: 'internal' };
}
