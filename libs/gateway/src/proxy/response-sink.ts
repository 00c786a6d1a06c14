import type { Response } from 'express';
import type { ResponseHeaders } from '@bff/proxy';
import type { RelaySink } from '@bff/upstream';

/** Hands the answer of an upstream on to the caller as it comes, with backpressure. */
export class ResponseSink implements RelaySink {
  constructor(
    private readonly response: Response,
    private readonly headers: Pick<ResponseHeaders, 'toClient'>,
  ) {}

  onHead(status: number, rawHeaders: readonly string[]): void {
    const { response } = this;
    const headers = this.headers.toClient(rawHeaders);
    // What the gateway says of this request is not for a service to say.
    for (const name in headers) if (response.hasHeader(name)) delete headers[name];
    response.writeHead(status, headers);
    if (headers['content-length'] === undefined) this.sendHeadSoon(headers['content-type']);
  }

  write(chunk: Buffer): boolean {
    return this.response.write(chunk);
  }

  onDrain(resume: () => void): void {
    this.response.once('drain', resume);
  }

  end(trailers: readonly string[]): void {
    if (trailers.length > 0) this.response.addTrailers(this.headers.toClient(trailers));
    this.response.end();
  }

  /** Together with the first bytes where these come at once. */
  private sendHeadSoon(contentType: string | string[] | undefined): void {
    const { response } = this;
    setImmediate(() => {
      if (!response.writableEnded) response.flushHeaders();
    });
    // Events may be far apart; what is read too slowly is cut off by itself.
    if (String(contentType).startsWith('text/event-stream')) response.socket?.setTimeout(0);
  }
}
