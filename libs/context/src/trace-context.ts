/** This request's place in a distributed trace, in the terms of W3C Trace Context. */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits: the id of the work this gateway does for the request. */
  readonly spanId: string;
  /** The trace flags as one byte. */
  readonly flags: number;
  /** Vendor entries, passed on as they came; absent when there were none or they were malformed. */
  readonly tracestate?: string;
}
