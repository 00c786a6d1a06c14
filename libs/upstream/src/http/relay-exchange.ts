import type { Dispatcher } from 'undici';

/** Where a relayed answer goes, piece by piece. */
export interface RelaySink {
  /** 1xx but 101: may come several times before the head. */
  onInformation?(status: number, headers: readonly string[]): void;
  /** The head, once: name and value in turns, as they came. What it throws ends the exchange. */
  onHead(status: number, headers: readonly string[]): void;
  /** Looked at once there is a head. True: nothing is handed on before all of it is here, so its time goes on. */
  readonly isCollecting?: boolean;
  /** False: no more until `onDrain` calls back. What it throws ends the exchange. */
  write(chunk: Buffer): boolean;
  onDrain(resume: () => void): void;
  /** The answer was whole. Trailers as name and value in turns. */
  end(trailers: readonly string[]): void;
}

export interface Relayed {
  /** The request is on its way, all of it. */
  readonly onSent?: () => void;
  /** The answer is being handed on: from now on it may take its time. */
  readonly onBegin: () => void;
  readonly onEnd: (status: number) => void;
  readonly onError: (error: unknown, hasBegun: boolean) => void;
}

/** Hands one answer on as it comes, without keeping any of it. */
export class RelayExchange implements Dispatcher.DispatchHandler {
  private status = 0;
  private controller: Dispatcher.DispatchController | undefined;
  private cancelledFor: Error | undefined;

  constructor(
    private readonly sink: RelaySink,
    private readonly relayed: Relayed,
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

  onRequestSent(): void {
    this.relayed.onSent?.();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const headers = toPairs(controller.rawHeaders);
    if (status < 200) return this.sink.onInformation?.(status, headers);
    this.status = status;
    this.sink.onHead(status, headers);
    if (this.sink.isCollecting !== true) this.relayed.onBegin();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.sink.write(chunk)) return;
    controller.pause();
    this.sink.onDrain(() => controller.resume());
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.sink.end(toPairs(controller.rawTrailers));
    this.relayed.onEnd(this.status);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.relayed.onError(error, this.status !== 0);
  }
}

/** HTTP/1.1 gives bytes in turns, HTTP/2 an object. */
export function toPairs(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!raw) return [];
  if (Array.isArray(raw)) return (raw as (Buffer | string)[]).map(toText);
  return Object.entries(raw).flatMap(([name, value]) =>
    name.startsWith(':') || value === undefined ? [] : [value].flat().flatMap((one) => [name, one]),
  );
}

function toText(value: Buffer | string): string {
  return typeof value === 'string' ? value : value.toString('latin1');
}
