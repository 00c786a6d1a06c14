import type { Response } from 'express';
import type { ClientHeaders, ResponseHeaders } from '@bff/proxy';
import type { RelaySink } from '@bff/upstream';
import { ReaderWatch } from './reader-watch.js';

/** Hints that a caller has not read yet, in bytes, beyond which there are no more of them. */
const maxHintBytes = 16 * 1024;
/** Of one answer: what a service says beyond these, callers do not hear. */
const maxHints = 64;

/**
 * Hands the answer of an upstream on to the caller as it comes, with backpressure. A caller who stops reading is cut off:
 * his call would keep its place at the service for ever.
 */
export class ResponseSink implements RelaySink {
  private readonly reader: ReaderWatch;
  private hints = 0;

  constructor(
    private readonly response: Response,
    private readonly headers: Pick<ResponseHeaders, 'toClient'>,
    /** Told of an answer that is a stream of events which can be read. */
    private readonly onEvents?: (response: Response) => void,
  ) {
    this.reader = new ReaderWatch(response);
  }

  /** HTTP/1.0 knows none (RFC 9110, section 15.2). */
  onInformation(status: number, rawHeaders: readonly string[]): void {
    const { response } = this;
    if (response.headersSent || response.req.httpVersion !== '1.1') return;
    if (this.hints === maxHints || response.writableLength >= maxHintBytes) return;
    this.hints += 1;
    response.writeInformation(status, this.headers.toClient(rawHeaders));
  }

  onHead(status: number, rawHeaders: readonly string[]): void {
    const { response } = this;
    const headers = this.headers.toClient(rawHeaders);
    leaveOurs(response, headers);
    response.writeHead(status, headers);
    if (headers['content-length'] === undefined) this.sendHeadSoon(headers);
  }

  write(chunk: Buffer): boolean {
    return this.response.write(chunk);
  }

  onDrain(resume: () => void): void {
    this.reader.onDrain(resume);
  }

  end(trailers: readonly string[]): void {
    if (trailers.length > 0) this.response.addTrailers(this.headers.toClient(trailers));
    this.response.end();
  }

  /** Together with the first bytes where these come at once. */
  private sendHeadSoon(headers: ClientHeaders): void {
    const { response } = this;
    setImmediate(() => {
      if (!response.writableEnded) response.flushHeaders();
    });
    // Events may be far apart; what is read too slowly is cut off by itself.
    if (!String(headers['content-type']).startsWith('text/event-stream')) return;
    response.socket?.setTimeout(0);
    if (headers['content-encoding'] === undefined) this.onEvents?.(response);
  }
}

/** What the gateway says of this request is not for a service to say; but what an answer varies by, both do. */
export function leaveOurs(response: Response, headers: ClientHeaders): void {
  const { vary } = headers;
  for (const name in headers) if (response.hasHeader(name)) delete headers[name];
  if (vary === undefined || headers['vary'] !== undefined) return;
  const names = `${String(response.getHeader('vary'))}, ${String(vary)}`
    .split(',')
    .map((name) => name.trim());
  headers['vary'] = [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].join(', ');
}
