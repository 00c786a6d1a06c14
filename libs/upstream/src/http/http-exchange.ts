import type { Dispatcher } from 'undici';
import { AttemptError } from '../engine/attempt.error.js';
import type { HttpAnswer } from './http-answer.js';

/**
 * Collects one answer from undici's dispatcher, without the streams that its `request` would build around it: a view
 * needs the whole body anyway, and they cost more than everything else the engine does for a call.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private status = 0;
  private headers: HttpAnswer['headers'] = {};
  private controller: Dispatcher.DispatchController | undefined;
  private cancelledFor: Error | undefined;

  constructor(
    private readonly upstream: string,
    private readonly maxBytes: number,
    private readonly resolve: (answer: HttpAnswer) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  /** Ends the exchange at the socket; before it has one, the request is never sent. */
  readonly cancel = (reason: unknown): void => {
    this.cancelledFor = reason as Error;
    this.controller?.abort(this.cancelledFor);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.cancelledFor !== undefined) controller.abort(this.cancelledFor);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpAnswer['headers'],
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    if (Number(headers['content-length'] ?? 0) > this.maxBytes) controller.abort(this.tooLarge());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) controller.abort(this.tooLarge());
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first = Buffer.alloc(0)] = this.chunks;
    const body = this.chunks.length === 1 ? first : Buffer.concat(this.chunks, this.size);
    this.resolve({ status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.reject(error);
  }

  private tooLarge(): Error {
    return new AttemptError(this.upstream, 'bad_response', `an answer of more than ${this.maxBytes} bytes`);
  }
}
