import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type EndReason, type LiveSession, SessionEnds, Sessions } from '@bff/auth';
import { comeAgainMs } from '../server/come-again.js';

/** How often a stream says that it is alive: below the time after which an idle connection is cut off. */
const beatMs = 10_000;
/** How often it looks for itself whether the session is. */
const lookEveryBeats = 3;
const beatText = ': alive\n\n';

/** Streams that wait for the end of a session. Watching is no use: it does not keep a session alive. */
@Injectable()
export class SessionWatch {
  private readonly open = new Set<Response>();

  constructor(
    private readonly ends: SessionEnds,
    private readonly sessions: Sessions,
  ) {}

  stream(live: LiveSession, request: Request, response: Response): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    // HEAD has no events to wait for (RFC 9110, section 9.3.2).
    if (request.method === 'HEAD') return void response.end();
    response.write(`retry: ${comeAgainMs()}\n\n`);
    this.open.add(response);
    const stop = this.ends.listen(live.record.key, (reason) => this.tell(response, reason));
    let beats = 0;
    const beat = setInterval(() => {
      beats += 1;
      if (beats % lookEveryBeats === 0) void this.look(live, response);
      else response.write(beatText);
    }, beatMs);
    response.on('close', () => {
      stop();
      clearInterval(beat);
      this.open.delete(response);
    });
    // It may have ended between the look-up of the caller and the listening.
    void this.look(live, response);
  }

  /** Before the server waits for its connections: these would not end by themselves. */
  closeAll(): void {
    for (const response of this.open) response.end();
  }

  private async look(live: LiveSession, response: Response): Promise<void> {
    const isAlive = await this.sessions.reread(live).then(
      (found) => found !== undefined,
      // The store cannot be asked: nobody knows.
      () => true,
    );
    if (!isAlive) this.tell(response, 'expired');
    else if (response.writable) response.write(beatText);
  }

  private tell(response: Response, reason: EndReason): void {
    if (response.writable) response.end(`event: session-ended\ndata: ${JSON.stringify({ reason })}\n\n`);
  }
}
