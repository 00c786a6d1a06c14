import type { RequestContext } from '@bff/context';
import { createSpanId, toTraceparent } from './trace-context.js';

/** What every call to a service carries so that it can be found in that service's logs and traces. */
export function outgoingTraceHeaders(context: RequestContext): Record<string, string> {
  const headers: Record<string, string> = {
    'x-request-id': context.requestId,
    traceparent: toTraceparent(context.trace, createSpanId()),
  };
  if (context.trace.tracestate !== undefined) headers['tracestate'] = context.trace.tracestate;
  return headers;
}
