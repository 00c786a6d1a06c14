import type { Metadata } from '@grpc/grpc-js';

import type { AssertionVerifier, GatewayCall } from './assertion-verifier.js';
import { assertionHeader } from './only-through-gateway.js';

/** What a gateway says about a gRPC call. Rejects with NotThroughGatewayError, to be answered with UNAUTHENTICATED. */
export function grpcCallThroughGateway(
  verifier: AssertionVerifier,
  metadata: Metadata,
): Promise<GatewayCall> {
  return verifier.verify(metadata.get(assertionHeader).join(', '));
}
