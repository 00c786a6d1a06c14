import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller } from './caller.js';
import type { Device } from './device.js';
import type { Ending } from './ending.js';
import type { Deadline } from './deadline.js';
import type { TraceContext } from './trace-context.js';

/** Facts of the current request, the same for everything that happens on its behalf. */
export interface RequestContext {
  readonly requestId: string;
  readonly trace: TraceContext;
  /** A route may set its own, never beyond what the caller waits for. */
  deadline: Deadline;
  /** How long the caller says that it waits, from the start of the request. */
  readonly callerWaitsMs?: number;
  /**
   * Ends when the caller has gone before the answer was complete, and before where only a part is done with. Work that
   * must come to its end whoever has gone gets another one.
   */
  ending: Ending;
  /** Absent until the caller is known, and on public routes. */
  caller?: Caller;
  /** Absent where the caller says nothing of it. */
  readonly device?: Device;
  /**
   * In the context of a part of a request: the one in which all parts run, for work that several of them share.
   * It ends later than a part may, and has more time.
   */
  readonly shared?: RequestContext;
  /** Told the upstream's name whenever a service is called for this part. */
  readonly onUpstreamCall?: (upstream: string) => void;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of the request being served; undefined outside of one (start-up, health checks). */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}
