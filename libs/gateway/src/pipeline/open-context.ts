import type { ServerResponse } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { type Caller, Deadline, Ending, type RequestContext, runInContext } from '@bff/context';
import { CallerGoneError } from '@bff/problem';
import { type AccessLog, logAccess, readRequestId, readTraceContext, toTraceparent } from '@bff/tracing';
import { arrivedMs } from '../server/admission-queue.js';
import { serverLimits } from '../server/server-limits.js';
import type { DeviceCounts } from '../device/device-counts.js';
import { readDevice } from '../device/read-device.js';
import { readCallerTimeout } from './caller-timeout.js';

export interface OpenContextOptions extends AccessLog {
  /** The most that answering a request may take, as it is set now. */
  readonly deadlineMs: () => number;
  /** True while the gateway is on its way out: answers then ask for the connection to be closed. */
  readonly isDraining: () => boolean;
  readonly devices: DeviceCounts;
  /** What waits for it is the end of an answer to anything but a read; must not reject, nor take long. */
  readonly onChange?: (caller: Caller) => Promise<void>;
}

/** Opens the context in which everything about this request runs; the first step of the pipeline. */
export function openContext({ deadlineMs, isDraining, devices, onChange, ...log }: OpenContextOptions) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedMs = arrivedMs(request);
    const ending = new Ending();
    const callerWaitsMs = readCallerTimeout(request.headers['x-timeout-ms']);
    const device = readDevice(request.headers, (fact) => devices.countWrong(fact));
    if (device !== undefined) devices.count(device);
    const context: RequestContext = {
      requestId: readRequestId(request.headers['x-request-id']),
      trace: readTraceContext(one(request.headers['traceparent']), one(request.headers['tracestate'])),
      deadline: Deadline.after(Math.min(deadlineMs(), callerWaitsMs ?? Infinity), startedMs),
      ...(callerWaitsMs === undefined ? {} : { callerWaitsMs }),
      ending,
      ...(device === undefined ? {} : { device }),
    };
    response.setHeader('X-Request-Id', context.requestId);
    response.setHeader('traceresponse', toTraceparent(context.trace));
    if (isDraining()) response.setHeader('Connection', 'close');
    closeSlowReaders(response);
    if (onChange !== undefined && !reads.has(request.method)) tellBeforeEnd(response, context, onChange);
    // `close` of the request does not fire once its body is read; that of the response always does.
    response.on('close', () => {
      if (!response.writableFinished) ending.end(new CallerGoneError());
      logAccess(log, context, request, response, startedMs);
    });
    runInContext(context, next);
  };
}

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who hears of a change must not read what was before it; failures too may have changed something. */
function tellBeforeEnd(
  response: Response,
  context: RequestContext,
  onChange: (caller: Caller) => Promise<void>,
): void {
  const { end } = response;
  response.end = (...all: unknown[]): Response => {
    response.end = end;
    const { caller } = context;
    if (caller === undefined) return Reflect.apply(end, response, all) as Response;
    void onChange(caller).then(() => void Reflect.apply(end, response, all));
    return response;
  };
}

/** A client that takes an answer in drops keeps its socket active: what counts is that the answer gets through. */
function closeSlowReaders(response: ServerResponse): void {
  response.on('prefinish', () => {
    // Small answers are with the operating system by now.
    if (response.writableLength === 0) return;
    const timer = setTimeout(() => response.destroy(), serverLimits.idleSocketTimeoutMs);
    response.once('close', () => clearTimeout(timer));
  });
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}
