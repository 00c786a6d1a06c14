import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { answerJson } from '../answer-json.js';
import type { RunningIdentity } from '../identity/identity-server.js';
import { log } from '../log.js';
import { readBody } from '../read-body.js';
import type { RunningService } from '../service.js';
import type { FaultBoard } from './fault-board.js';
import { FaultRequestError, readFaultRequest, readServiceName } from './fault-request.js';
import { ListenerGate, type Address } from './listener-gate.js';

export interface Controlled {
  faults: FaultBoard;
  /** Absent where it does not run. */
  identity?: Pick<RunningIdentity, 'rotateKeys' | 'grants' | 'endSessions'> | undefined;
}

const identityControls = [
  'POST /identity/rotate',
  'GET /identity/grants',
  'DELETE /identity/sessions?userId=',
];

/** The HTTP interface over the faults; it answers when the change is in force. */
export async function startFaultControl(address: Address, controlled: Controlled): Promise<RunningService> {
  const server = createServer((req, res) => {
    answer(req, res, controlled).catch((error: unknown) => answerError(res, error, controlled));
  });
  const gate = new ListenerGate('faults', server, address);
  await gate.open();
  return { port: gate.port, close: () => gate.close() };
}

async function answer(req: IncomingMessage, res: ServerResponse, { faults, identity }: Controlled) {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://faults');
  switch (`${req.method} ${pathname}`) {
    case 'POST /faults': {
      const { service, ...fault } = readFaultRequest(await readBody(req), faults.services);
      await faults.set(service, fault);
      return answerJson(res, 200, { faults: faults.all() });
    }
    case 'DELETE /faults':
      await faults.clear(readServiceName(searchParams.get('service'), faults.services));
      return answerJson(res, 200, { faults: faults.all() });
    case 'GET /faults':
      return answerJson(res, 200, { faults: faults.all() });
    case 'GET /health':
      return answerJson(res, 200, { status: 'ok' });
    case 'POST /identity/rotate':
      if (identity) return answerJson(res, 200, { kid: await identity.rotateKeys() });
      break;
    case 'GET /identity/grants':
      if (identity) return answerJson(res, 200, { grants: identity.grants() });
      break;
    case 'DELETE /identity/sessions': {
      const ended = await identity?.endSessions(searchParams.get('userId') ?? '');
      if (ended !== undefined) return answerJson(res, 200, { ended });
    }
  }
  answerJson(res, 404, {
    error: 'not_found',
    allowed: ['GET /faults', 'POST /faults', 'DELETE /faults', ...(identity ? identityControls : [])],
  });
}

function answerError(res: ServerResponse, error: unknown, { faults }: Controlled): void {
  if (error instanceof FaultRequestError) {
    return answerJson(res, 400, {
      error: 'invalid',
      errors: error.mistakes,
      allowed: {
        service: faults.services,
        delayMs: '0 to 600000, whole milliseconds',
        status: '200 to 599',
        down: 'true or false',
      },
    });
  }
  log('fault control failed', { error: String(error) });
  answerJson(res, 500, { error: 'internal', message: String(error) });
}
