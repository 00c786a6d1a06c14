export { type AccessLog, logAccess } from './access-log.js';
export { JsonLogger, type LogLevel } from './json-logger.js';
export { Metrics, type Readings } from './metrics.js';
export { outgoingTraceHeaders } from './outgoing-headers.js';
export { type DoneWork, recordSpan } from './record-span.js';
export { callerGone, RequestCounts } from './request-counts.js';
export { readRequestId } from './request-id.js';
export { readTraceContext, toTraceparent } from './trace-context.js';
