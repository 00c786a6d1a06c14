import type { IncomingMessage, ServerResponse } from 'node:http';

import { answerJson } from '../answer-json.js';
import type { AssertionVerifier, GatewayCall } from './assertion-verifier.js';
import { NotThroughGatewayError } from './not-through-gateway.error.js';

/** Of HTTP requests and of gRPC metadata. */
export const assertionHeader = 'x-identity-assertion';

export type GatewayHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  call: GatewayCall,
) => void | Promise<void>;

/** Lets a request through to the handler when a gateway vouches for it, and answers 401 otherwise. */
export function onlyThroughGateway(verifier: AssertionVerifier, handle: GatewayHandler) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const assertion = req.headers[assertionHeader];
    let call: GatewayCall;
    try {
      call = await verifier.verify(assertion?.toString());
    } catch (error) {
      if (!(error instanceof NotThroughGatewayError)) throw error;
      const challenge = { 'www-authenticate': 'BFF-Identity' };
      return answerJson(res, 401, { error: 'not_through_gateway', message: error.message }, challenge);
    }
    await handle(req, res, call);
  };
}
