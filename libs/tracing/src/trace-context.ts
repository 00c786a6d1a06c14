import type { TraceContext } from '@bff/context';
import { randomHex } from './random-id.js';
import { readTracestate } from './tracestate.js';

/** W3C Trace Context, section 3.2: version, trace id, parent id, flags; later versions may append fields. */
const traceparentSyntax = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const sampled = 0x01;
const random = 0x02;

/**
 * Continues the caller's trace, or starts one when `traceparent` is absent, repeated or malformed.
 * The span id is new: it stands for this gateway's part. Source: W3C Trace Context level 2.
 */
export function readTraceContext(
  traceparent: string | undefined,
  tracestate: string | undefined,
): TraceContext {
  const spanId = randomHex(8);
  const parent = readTraceparent(traceparent);
  if (parent === undefined) return { traceId: randomHex(16), spanId, flags: sampled | random };
  const state = readTracestate(tracestate);
  return { ...parent, spanId, ...(state === undefined ? {} : { tracestate: state }) };
}

function readTraceparent(header: string | undefined): { traceId: string; flags: number } | undefined {
  const match = header === undefined ? null : traceparentSyntax.exec(header.trim());
  if (match === null) return undefined;
  const [, version, traceId = '', parentId = '', flags = '', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, flags: Number.parseInt(flags, 16) & (sampled | random) };
}

/** `spanId` is the one that the receiver shall see as its parent. */
export function toTraceparent(trace: TraceContext, spanId: string = trace.spanId): string {
  return `00-${trace.traceId}-${spanId}-0${trace.flags}`;
}

/** A fresh span id for one outgoing call. */
export function createSpanId(): string {
  return randomHex(8);
}
