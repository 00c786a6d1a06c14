import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { BoundToken } from './dpop-proof.js';

/** The bound tokens whose proof was given, by the request or the connection that it was given for. */
const proven = new WeakMap<IncomingMessage | Duplex, BoundToken>();

export function keepProven(request: IncomingMessage, bound: BoundToken): void {
  proven.set(request, bound);
}

/**
 * For calls that a gateway makes to itself on behalf of `outer`, over a connection that nobody else can reach: the
 * proof of the outer request counts for all of them, as they have none of their own. Only for its very token.
 */
export function carryProof(outer: IncomingMessage, connection: Duplex): void {
  const bound = proven.get(outer) ?? proven.get(outer.socket);
  if (bound !== undefined) proven.set(connection, bound);
}

export function isProven({ socket }: IncomingMessage, { token, jkt }: BoundToken): boolean {
  const bound = proven.get(socket);
  return bound !== undefined && bound.token === token && bound.jkt === jkt;
}
