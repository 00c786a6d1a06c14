import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '@bff/context';
import type { JsonLogger } from './json-logger.js';
import type { RequestCounts } from './request-counts.js';

/** The status under which a call is logged whose caller left before the answer was complete (nginx's number). */
const callerGone = 499;

/** One line and one count for each call, when it is over. The path is logged without its query, which may carry secrets. */
export function logAccess(
  logger: JsonLogger,
  counts: RequestCounts,
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const startedMs = performance.now();
  const path = (request.url ?? '').split('?', 1)[0];
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : callerGone;
    counts.count(status);
    const { requestId, trace, caller } = context;
    const durationMs = Math.round((performance.now() - startedMs) * 10) / 10;
    const fields = {
      requestId,
      traceId: trace.traceId,
      method: request.method,
      path,
      status,
      durationMs,
      userId: caller?.id,
    };
    logger.event('info', fields, 'request');
  });
}
