import { answerJson } from '../answer-json.js';
import { findUser } from '../data/users.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { startHttpService } from '../faults/http-service.js';
import type { Address } from '../faults/listener-gate.js';
import { AssertionVerifier } from '../gateway-only/assertion-verifier.js';
import type { GatewayKeys } from '../gateway-only/gateway-keys.js';
import { onlyThroughGateway, type GatewayHandler } from '../gateway-only/only-through-gateway.js';
import type { RunningService } from '../service.js';
import { withHealth } from '../with-health.js';

/**
 * The user service, HTTP with JSON. It tells a user all it knows of them, and nobody else: leaving out is the gateway's
 * work.
 */
export function startUsers(
  address: Address,
  faults: FaultBoard,
  gateways: GatewayKeys,
): Promise<RunningService> {
  const answerCall = onlyThroughGateway(new AssertionVerifier('users', gateways), answerUsers);
  return startHttpService('users', address, faults, withHealth(answerCall));
}

const answerUsers: GatewayHandler = (req, res, { userId }) => {
  const path = new URL(req.url ?? '/', 'http://users').pathname;
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    return answerJson(res, 405, { error: 'method_not_allowed' }, { allow: 'GET, HEAD' });
  }
  const id = /^\/users\/([^/]+)$/.exec(path)?.[1];
  if (id !== undefined && id !== userId) {
    return answerJson(res, 403, { error: 'forbidden', message: 'users are shown to themselves only' });
  }
  const user = findUser(id ?? '');
  if (user) return answerJson(res, 200, user);
  answerJson(res, 404, { error: 'not_found', message: `nothing at ${path}` });
};
