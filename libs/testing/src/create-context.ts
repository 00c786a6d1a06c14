import { Deadline, type RequestContext } from '@bff/context';

/** The context of a request that user 7 has just made and waits ten seconds for, unless told otherwise. */
export function createContext(more: Partial<RequestContext> = {}): RequestContext {
  return {
    requestId: 'r-1',
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 },
    deadline: Deadline.after(10_000),
    signal: new AbortController().signal,
    caller: { id: '7', scopes: new Set() },
    ...more,
  };
}
