import type { ServerResponse } from 'node:http';
import type { Ending } from '@bff/context';
import { CallerGoneError } from '@bff/problem';
import { comeAgainMs } from '../server/come-again.js';

/** What ends an event is an empty line (WHATWG HTML, section 9.2.6); a lone CR may still become a CR LF. */
const emptyLine = /\n\r?\n$|\r\r$/;
const tailLength = 4;

/** Server-sent events that services send through routes: they never end by themselves, so a gateway that stops ends them. */
export class EventStreams {
  private readonly open = new Set<EventStream>();
  private isClosing = false;

  /** `ending`: of the request, for the service. */
  add(response: ServerResponse, ending: Ending): void {
    const stream = new EventStream(response, ending);
    this.open.add(stream);
    response.once('close', () => this.open.delete(stream));
    if (this.isClosing) stream.close();
  }

  /** Each ends behind the event that is on its way. */
  closeAll(): void {
    this.isClosing = true;
    for (const stream of this.open) stream.close();
  }
}

class EventStream {
  private tail = '\n\n';
  private isClosing = false;
  private isOver = false;
  private readonly write: (chunk: Buffer | string) => boolean;

  constructor(
    private readonly response: ServerResponse,
    private readonly ending: Ending,
  ) {
    const { write } = response;
    this.write = (chunk) => Reflect.apply(write, response, [chunk]) as boolean;
    response.write = (chunk: Buffer): boolean => {
      if (this.isOver) return true;
      const isTaken = this.write(chunk);
      this.tail = (this.tail + chunk.subarray(-tailLength).toString('latin1')).slice(-tailLength);
      if (this.isClosing) this.close();
      return isTaken;
    };
  }

  close(): void {
    this.isClosing = true;
    if (this.isOver || !emptyLine.test(this.tail)) return;
    this.isOver = true;
    const { response } = this;
    this.write(`retry: ${comeAgainMs()}\n\n`);
    // Only then: whoever is called for nobody is cut off, and so is what he would still have to read.
    response.once('finish', () => this.ending.end(new CallerGoneError()));
    response.end();
  }
}
