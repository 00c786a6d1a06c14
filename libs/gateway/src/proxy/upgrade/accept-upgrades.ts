import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What becomes of a request that asks for another protocol. */
export interface Upgrades {
  /** False: it is a request like others (RFC 9110, section 7.8). */
  takes(request: IncomingMessage): boolean;
  /** The answer is written to the bare connection. */
  serve(request: IncomingMessage, response: ServerResponse): void;
  /** The server takes nothing more. */
  close(): void;
}

interface AcceptOptions {
  readonly createResponse: (request: IncomingMessage) => ServerResponse;
  /** Calls `begin`, or answers the request. */
  readonly admit: (request: IncomingMessage, response: ServerResponse, begin: () => void) => void;
  readonly upgrades: () => Upgrades | undefined;
}

/** How long a client may take to read the answer that declines its request, and to go. */
const leaveMs = 1_000;

/** From Node's parser on such a connection is nobody's: no time limit, no error handler, no end with the server. */
export function acceptUpgrades(server: Server, { createResponse, admit, upgrades }: AcceptOptions): void {
  const shouldUpgradeCallback = (request: IncomingMessage): boolean => {
    // An earlier request on this connection has no answer yet, and answers have the order of their requests.
    if ((request.socket as { readonly _httpMessage?: unknown })._httpMessage) return false;
    return upgrades()?.takes(request) ?? false;
  };
  // The types of Node do not know this property yet.
  Object.assign(server, { shouldUpgradeCallback });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const response = answerOn(socket as Socket, createResponse(request));
    if (head.length > 0) socket.unshift(head);
    admit(request, response, () => upgrades()?.serve(request, response));
  });
  // Node waits for these connections when it closes, and ends none of them.
  const close = server.close.bind(server);
  server.close = (onClosed) => {
    upgrades()?.close();
    return close(onClosed);
  };
}

/** Does for this response what Node's server does for others. */
function answerOn(socket: Socket, response: ServerResponse): ServerResponse {
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  const onDrain = (): boolean => response.emit('drain');
  const onTimeout = (): void => void socket.destroy();
  socket
    .on('error', () => undefined)
    .on('drain', onDrain)
    .on('timeout', onTimeout);
  response.once('finish', () => {
    response.detachSocket(socket);
    socket.off('drain', onDrain).off('timeout', onTimeout);
    process.nextTick(() => response.emit('close'));
    if (response.statusCode === 101) return;
    socket.end();
    // Unread bytes would make a reset of the end, and cost the client its answer.
    socket.resume();
    setTimeout(() => socket.destroy(), leaveMs).unref();
  });
  return response;
}
