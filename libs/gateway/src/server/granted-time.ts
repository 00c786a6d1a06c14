import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const granted = new WeakMap<Socket, IncomingMessage>();

/** From now on the server does not cut this request off for taking long: whoever grants that has a limit of its own. */
export function grantTime(request: IncomingMessage): void {
  granted.set(request.socket, request);
}

/** Whether what is arriving may take longer than `requestTimeoutMs`. Node asks once for each request. */
export function hasTime(socket: Socket): boolean {
  return granted.get(socket)?.complete === false;
}
