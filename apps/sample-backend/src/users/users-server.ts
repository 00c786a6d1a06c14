import { answerJson } from '../answer-json.js';
import { findUser } from '../data/users.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { startHttpService, type HttpHandler } from '../faults/http-service.js';
import type { Address } from '../faults/listener-gate.js';
import type { RunningService } from '../service.js';

/** The user service, HTTP with JSON. It answers with all it knows: leaving out is the gateway's work. */
export function startUsers(address: Address, faults: FaultBoard): Promise<RunningService> {
  return startHttpService('users', address, faults, answerUsers);
}

const answerUsers: HttpHandler = (req, res) => {
  const path = new URL(req.url ?? '/', 'http://users').pathname;
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    return answerJson(res, 405, { error: 'method_not_allowed' }, { allow: 'GET, HEAD' });
  }
  if (path === '/health') return answerJson(res, 200, { status: 'ok' });

  const user = findUser(/^\/users\/([^/]+)$/.exec(path)?.[1] ?? '');
  if (user) return answerJson(res, 200, user);
  answerJson(res, 404, { error: 'not_found', message: `nothing at ${path}` });
};
