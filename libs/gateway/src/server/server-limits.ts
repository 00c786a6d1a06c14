import type { Server } from 'node:http';

/**
 * What a connection may cost. A client that sends or reads too slowly is cut off within 20 s; an idle one is kept
 * longer than balancers keep theirs (60 s as a rule), so that it is the balancer who closes it.
 */
export const serverLimits = {
  headerBytes: 16 * 1024,
  headerCount: 100,
  urlLength: 8 * 1024,
  bodyBytes: 1024 * 1024,
  jsonDepth: 64,
  jsonValues: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  idleSocketTimeoutMs: 15_000,
  keepAliveTimeoutMs: 75_000,
  connectionsCheckingIntervalMs: 2_000,
  connections: 10_000,
} as const;

/** To be given to `http.createServer`: these cannot be set later. */
export const serverOptions = {
  maxHeaderSize: serverLimits.headerBytes,
  connectionsCheckingInterval: serverLimits.connectionsCheckingIntervalMs,
  keepAliveTimeout: serverLimits.keepAliveTimeoutMs,
  // The first step of the pipeline answers a missing Host with a problem; Node would with an empty 400.
  requireHostHeader: false,
  // A request without a body has no stream to read and to end.
  optimizeEmptyRequests: true,
};

export function setServerLimits(server: Server): void {
  server.headersTimeout = serverLimits.headersTimeoutMs;
  server.requestTimeout = serverLimits.requestTimeoutMs;
  server.timeout = serverLimits.idleSocketTimeoutMs;
  server.maxConnections = serverLimits.connections;
  // One more than allowed, so that the pipeline can see that there are too many.
  server.maxHeadersCount = serverLimits.headerCount + 1;
}
