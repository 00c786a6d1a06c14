import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';

import type { RunningService, ServiceName } from '../service.js';
import { answerJson } from '../answer-json.js';
import { log } from '../log.js';
import type { FaultBoard } from './fault-board.js';
import { ListenerGate, type Address } from './listener-gate.js';
import { meetFault } from './meet-fault.js';

export type HttpHandler = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

/** Starts an HTTP service to which the faults of `service` happen. Rejects with ListenError. */
export async function startHttpService(
  service: ServiceName,
  address: Address,
  faults: FaultBoard,
  handle: HttpHandler,
): Promise<RunningService> {
  const server = createServer(withFaults(service, faults, handle));
  // Above the idle time of any gateway, so that the gateway is the one that closes an idle connection.
  server.keepAliveTimeout = 65_000;

  const gate = new ListenerGate(service, server, address);
  faults.onDown(service, (down) => (down ? gate.close() : gate.open()));
  await gate.open();
  return { port: gate.port, close: () => gate.close() };
}

function withFaults(service: ServiceName, faults: FaultBoard, handle: HttpHandler): RequestListener {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const hungUp = new AbortController();
    res.once('close', () => hungUp.abort());

    const outcome = await meetFault(faults.current(service), hungUp.signal);
    if (outcome === 'gone') return;
    if (outcome === 'serve') return handle(req, res);
    answerJson(res, outcome.status, { error: 'fault', message: `${service} was told to fail` });
  };
  return (req, res) => {
    answer(req, res).catch((error: unknown) => {
      log('request failed', { service, error: String(error) });
      if (res.headersSent) res.destroy();
      else answerJson(res, 500, { error: 'internal' });
    });
  };
}
