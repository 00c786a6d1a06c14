import { Deadline, Ending, type RequestContext } from '@bff/context';

interface ContextOptions extends Partial<RequestContext> {
  /** Aborted when the caller leaves. */
  readonly signal?: AbortSignal;
}

/** The context of a request that user 7 has just made and waits ten seconds for, unless told otherwise. */
export function createContext({ signal, ...more }: ContextOptions = {}): RequestContext {
  return {
    requestId: 'r-1',
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 },
    deadline: Deadline.after(10_000),
    ending: new Ending(signal),
    caller: { id: '7', scopes: new Set() },
    ...more,
  };
}
