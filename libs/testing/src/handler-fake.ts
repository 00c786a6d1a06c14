import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type Listening } from './listen.js';

/** Answers one request; `call` counts from 1. */
export type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void;

interface Closeable {
  close(): Promise<void>;
}

/** A real HTTP server whose answers are a function of the test's own, at the level of requests and responses. */
export class HandlerFake implements AsyncDisposable {
  readonly seen: IncomingMessage[] = [];
  /** Calls that were given up before they were answered. */
  gone = 0;
  private readonly others: Closeable[] = [];

  private constructor(
    /** May be replaced while it runs. */
    public handler: Handler,
    private readonly listening: Listening,
  ) {}

  static async start(handler: Handler): Promise<HandlerFake> {
    const server = createServer((request, response) => {
      fake.seen.push(request);
      response.once('close', () => (fake.gone += response.writableFinished ? 0 : 1));
      fake.handler(request, response, fake.seen.length);
    });
    const fake: HandlerFake = new HandlerFake(handler, await listen(server));
    return fake;
  }

  /** Starts one with what `open` makes of its URL: its members are the fake's, and its `upstream` is closed first. */
  static async startFor<T extends { readonly upstream: Closeable }>(
    handler: Handler,
    open: (url: string) => T,
  ): Promise<HandlerFake & T> {
    const fake = await HandlerFake.start(handler);
    const opened = open(fake.url);
    fake.closesWithIt(opened.upstream);
    return Object.assign(fake, opened);
  }

  get url(): string {
    return this.listening.url;
  }

  /** What is to be closed before it. */
  closesWithIt(other: Closeable): void {
    this.others.push(other);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const other of this.others) await other.close();
    await this.listening.close();
  }
}

/** 200 with this as JSON. */
export const answerJson =
  (body: unknown): Handler =>
  (_request, response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

/** This status, without a body. */
export const answerStatus =
  (status: number, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, headers).end();

/** No answer at all. */
export const neverAnswer: Handler = () => undefined;

export const after =
  (ms: number, handler: Handler): Handler =>
  (request, response, call) =>
    void setTimeout(() => handler(request, response, call), ms);
