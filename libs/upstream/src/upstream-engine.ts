import { currentContext, type RequestContext } from '@bff/context';
import { CallerGoneError, UpstreamError } from '@bff/problem';
import { outgoingTraceHeaders } from '@bff/tracing';
import type { Identify, UpstreamConfig } from './upstream-options.js';

/** What a protocol gets to make its one call with. */
export interface Attempt {
  /** Aborted when the time is up or the caller has gone; the protocol ends its call at the socket. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Request id, trace, identity and deadline; nothing of what the caller sent. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The policy around every call to one service, whatever the protocol.
 * Throws UpstreamError with one of the closed list of reasons, or CallerGoneError.
 */
export class UpstreamEngine {
  constructor(
    readonly name: string,
    private readonly config: UpstreamConfig,
    private readonly identify: Identify,
  ) {}

  async call<T>(attempt: (attempt: Attempt) => Promise<T>): Promise<T> {
    const context = currentContext();
    if (context?.signal.aborted) throw new CallerGoneError();
    const timeoutMs = Math.floor(
      Math.min(this.config.timeoutMs, context?.deadline.remainingMs() ?? Infinity),
    );
    if (timeoutMs <= 0)
      throw new UpstreamError(this.name, 'timeout', 'the deadline had passed before the call');
    const ending = new AbortController();
    const onCallerGone = (): void => ending.abort(new CallerGoneError());
    const timer = setTimeout(() => ending.abort(this.timedOut(timeoutMs)), timeoutMs);
    context?.signal.addEventListener('abort', onCallerGone, { once: true });
    try {
      return await attempt({ signal: ending.signal, timeoutMs, headers: this.headers(context, timeoutMs) });
    } catch (thrown) {
      throw ending.signal.aborted ? ending.signal.reason : thrown;
    } finally {
      // Left in place, they would keep every finished call alive until the request or the timer ends.
      clearTimeout(timer);
      context?.signal.removeEventListener('abort', onCallerGone);
    }
  }

  private headers(context: RequestContext | undefined, timeoutMs: number): Record<string, string> {
    const headers: Record<string, string> = { 'x-deadline-ms': String(timeoutMs) };
    return context === undefined
      ? headers
      : { ...outgoingTraceHeaders(context), ...this.identify(context), ...headers };
  }

  private timedOut(timeoutMs: number): UpstreamError {
    return new UpstreamError(this.name, 'timeout', `no answer within ${timeoutMs} ms`);
  }
}
