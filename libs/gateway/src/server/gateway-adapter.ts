import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Express, Request, Response } from 'express';
import type { JsonLogger } from '@bff/tracing';
import { ViewLoad, type ViewRenderer } from '@bff/views';
import { ReplayedAnswer } from '../idempotency/kept-answer.js';
import { acceptUpgrades, type Upgrades } from '../proxy/upgrade/accept-upgrades.js';
import type { LoadShedder } from './load-shedder.js';
import { answerClientError } from './answer-client-error.js';
import { continueWhenRead } from './continue-when-read.js';
import { EarlyRefusals } from './early-refusals.js';
import { serverOptions, setServerLimits } from './server-limits.js';

/** Nest's Express adapter on a server that has this gateway's limits. */
export class GatewayAdapter extends ExpressAdapter {
  /** Asked before Nest's router; true: it has taken the request. */
  intercept: (request: Request, response: Response) => boolean = () => false;

  /** Asked of whoever wants to go over to another protocol; undefined: nobody may. */
  upgrades: Upgrades | undefined;

  constructor(
    private readonly log: JsonLogger,
    private readonly renderer: ViewRenderer,
    private readonly shedder: LoadShedder,
  ) {
    super();
  }

  /** Views are loaded and rendered, here and nowhere else; what is no answer from before is answered as Express would. */
  override reply(response: Response, body: unknown, status?: number): unknown {
    if (body instanceof ReplayedAnswer) return body.send(response);
    if (!(body instanceof ViewLoad)) return super.reply(response, body, status);
    if (status !== undefined) response.statusCode = status;
    return this.renderer.render(body, response.req, response);
  }

  override initHttpServer(): void {
    const express = this.getInstance<Express>();
    const born = {
      IncomingMessage: bornWith(IncomingMessage, express.request),
      ServerResponse: bornWith(ServerResponse, express.response),
    };
    const server = createServer({ ...serverOptions, ...born });
    const refusals = new EarlyRefusals(server, this.shedder);
    server.on('request', (request, response) => {
      refusals.admit(request, response, () => {
        // They are born as Express' own.
        if (!this.intercept(request as Request, response as Response)) express(request, response);
      });
    });
    acceptUpgrades(server, {
      createResponse: (request) => new born.ServerResponse(request),
      admit: (request, response, begin) => this.shedder.admit(request, response, begin),
      upgrades: () => this.upgrades,
    });
    setServerLimits(server);
    server.on('checkContinue', (request, response) => {
      continueWhenRead(request, response);
      server.emit('request', request, response);
    });
    // An expectation that nobody knows may be passed over (RFC 9110, section 10.1.1); Node would answer an empty 417.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
    server.on('clientError', (error, socket) => answerClientError(error, socket as Socket, this.log));
    this.setHttpServer(server);
  }
}

/**
 * A class like `base` whose instances have this prototype from the start. Express gives each request and response its
 * own prototypes; to change that of a living object makes everything slower that is done with it afterwards.
 */
function bornWith<C extends new (...args: never[]) => object>(base: C, prototype: object): C {
  function Born(...args: ConstructorParameters<C>): object {
    return Reflect.construct(base, args, Born) as object;
  }
  Born.prototype = prototype;
  return Born as unknown as C;
}
