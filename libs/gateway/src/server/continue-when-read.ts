import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Asks a client that waits for it (RFC 9110, section 10.1.1) for its body when that is first read: whoever refuses the
 * request before then has its answer sent in place of 100, and closes the connection, on which a body may come or not.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read.bind(request);
  const { shouldKeepAlive } = response;
  let isWaiting = true;
  response.shouldKeepAlive = false;
  request._read = (size) => {
    if (isWaiting && isWanted(request) && !response.headersSent) {
      isWaiting = false;
      response.shouldKeepAlive = shouldKeepAlive;
      response.writeContinue();
    }
    read(size);
  };
}

/** A stream reads ahead of those who want it, once something has come. */
function isWanted(request: IncomingMessage): boolean {
  return request.readableFlowing === true || request.listenerCount('readable') > 0;
}
