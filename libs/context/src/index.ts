export type { Caller, CallerAuthentication } from './caller.js';
export { Deadline } from './deadline.js';
export type { Device, NetworkClass } from './device.js';
export { Ending } from './ending.js';
export { PatientTimeout } from './patient-timeout.js';
export { perRequest, type RunShared } from './per-request.js';
export { currentContext, runInContext, type RequestContext } from './request-context.js';
export type { TraceContext } from './trace-context.js';
