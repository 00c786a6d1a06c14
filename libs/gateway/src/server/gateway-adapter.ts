import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { JsonLogger } from '@bff/tracing';
import { answerClientError } from './answer-client-error.js';
import { serverOptions, setServerLimits } from './server-limits.js';

/** Nest's Express adapter on a server that has this gateway's limits. */
export class GatewayAdapter extends ExpressAdapter {
  constructor(private readonly log: JsonLogger) {
    super();
  }

  override initHttpServer(): void {
    const server = createServer(serverOptions, this.getInstance());
    setServerLimits(server);
    // An expectation that nobody knows may be passed over (RFC 9110, section 10.1.1); Node would answer an empty 417.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
    server.on('clientError', (error, socket) => answerClientError(error, socket as Socket, this.log));
    this.setHttpServer(server);
  }
}
