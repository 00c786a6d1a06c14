import type { Response } from 'express';
import type { Problem } from '@bff/problem';
import type { Meta, SectionReport } from '../section-report.js';
import { mediaTypes } from './media-types.js';
import { toJson } from './to-json.js';

/** What a progressive answer consists of, in this order: one start, sections as they come, one end. */
export type ProgressRecord =
  | { readonly event: 'start'; readonly view: string; readonly sections: readonly string[] }
  | ({ readonly event: 'section'; readonly section: string; readonly data?: unknown } & SectionReport)
  | { readonly event: 'complete'; readonly _meta: Meta }
  | { readonly event: 'problem'; readonly problem: Problem };

const failedLate = new WeakSet<Response>();

/** Whether this answer had begun well and then ended with a problem. */
export function hasFailedLate(response: Response): boolean {
  return failedLate.has(response);
}

/** Writes records the moment they are there: a line of JSON each, or a server-sent event. */
export class Progress implements Disposable {
  private readonly heartbeat: NodeJS.Timeout;

  /** Sends the headers. Nothing on the way may gather, change or keep what comes. */
  constructor(
    private readonly response: Response,
    private readonly form: 'ndjson' | 'sse',
    heartbeatMs: number,
  ) {
    response.setHeader('Content-Type', mediaTypes[form]);
    response.setHeader('Cache-Control', 'no-store, no-transform');
    response.setHeader('X-Accel-Buffering', 'no');
    response.flushHeaders();
    this.heartbeat = setInterval(() => this.beat(), heartbeatMs).unref();
  }

  send(record: ProgressRecord): void {
    if (record.event === 'problem') failedLate.add(this.response);
    if (this.response.writable)
      this.response.write(this.form === 'sse' ? toEvent(record) : `${toJson(record)}\n`);
  }

  end(): void {
    this[Symbol.dispose]();
    this.response.end();
  }

  [Symbol.dispose](): void {
    clearInterval(this.heartbeat);
  }

  /** Says that there is more to come, to whoever closes silent connections. */
  private beat(): void {
    if (this.response.writable)
      this.response.write(this.form === 'sse' ? ': heartbeat\n\n' : '{"event":"heartbeat"}\n');
  }
}

/** JSON has no line breaks of its own, so the data is one line. */
function toEvent({ event, ...data }: ProgressRecord): string {
  return `event: ${event}\ndata: ${toJson(data)}\n\n`;
}
