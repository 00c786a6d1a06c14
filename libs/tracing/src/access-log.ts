import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '@bff/context';
import type { JsonLogger } from './json-logger.js';
import { callerGone, type RequestCounts } from './request-counts.js';

export interface AccessLog {
  readonly logger: JsonLogger;
  readonly counts: RequestCounts;
}

/**
 * To be called when a call is over: one line and one count. The path is logged without its query, which may carry
 * secrets. `startedMs` is on the clock of `performance.now()`.
 */
export function logAccess(
  { logger, counts }: AccessLog,
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
  startedMs: number,
): void {
  const status = response.writableFinished ? response.statusCode : callerGone;
  counts.count(status);
  const { requestId, trace, caller, device } = context;
  const fields = {
    requestId,
    traceId: trace.traceId,
    method: request.method,
    path: pathOf(request.url ?? ''),
    status,
    durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
    userId: caller?.id,
    ...(device === undefined ? {} : { device }),
  };
  logger.event('info', fields, 'request');
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
