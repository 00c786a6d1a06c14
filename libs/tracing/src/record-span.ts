import {
  type Attributes,
  context as active,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace as openTelemetry,
} from '@opentelemetry/api';
import type { RequestContext } from '@bff/context';

export interface DoneWork {
  readonly name: string;
  /** On the clock of `performance.now()`. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly attributes: Attributes;
  /** Why it failed; undefined: it did not. */
  readonly failure?: string | undefined;
}

const tracer = openTelemetry.getTracer('@bff/tracing');
const nobody = new ProxyTracerProvider().getDelegate();

/**
 * A span of work that is done, for the OpenTelemetry SDK of this process; without one nothing happens. Its parent is the
 * span that the SDK has open here, else this gateway's part of the request.
 */
export function recordSpan({ trace }: RequestContext, work: DoneWork): void {
  if (!isHeard()) return;
  const { name, startedMs, durationMs, attributes, failure } = work;
  const { traceId, spanId, flags } = trace;
  const own = { traceId, spanId, traceFlags: flags };
  const parent =
    openTelemetry.getSpan(active.active()) === undefined
      ? openTelemetry.setSpanContext(ROOT_CONTEXT, own)
      : active.active();
  const startTime = performance.timeOrigin + startedMs;
  const span = tracer.startSpan(name, { startTime, attributes }, parent);
  if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
  span.end(startTime + durationMs);
}

/** Whether there is an SDK; asked each time, because one may come later. */
function isHeard(): boolean {
  const provider = openTelemetry.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider && provider.getDelegate() === nobody);
}
