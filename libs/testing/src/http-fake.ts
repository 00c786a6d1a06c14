import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Fault, RecordedCall } from './fault.js';
import { listen, type Listening } from './listen.js';

/** Answers one request: undefined means 404. */
export type HttpHandler = (request: {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}) => unknown;

/** A real HTTP server that stands for a service, answers JSON, records what it was asked, and fails on demand. */
export class HttpFake implements AsyncDisposable {
  readonly calls: RecordedCall[] = [];
  private fault: Fault | undefined;

  private constructor(
    private server: Server,
    private listening: Listening,
    private readonly handler: HttpHandler,
  ) {}

  static async start(handler: HttpHandler): Promise<HttpFake> {
    const server = createServer((request, response) => void fake.serve(request, response));
    const fake: HttpFake = new HttpFake(server, await listen(server), handler);
    return fake;
  }

  get url(): string {
    return this.listening.url;
  }

  async fails(fault: Fault): Promise<void> {
    this.fault = fault;
    if (fault.as === 'unreachable') await this.listening.close();
  }

  async recovers(): Promise<void> {
    const wasDown = this.fault?.as === 'unreachable';
    this.fault = undefined;
    if (!wasDown) return;
    this.server = createServer((request, response) => void this.serve(request, response));
    this.listening = await listen(this.server, this.listening.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.server.listening) await this.listening.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const call: RecordedCall = { what: path, headers: headers as RecordedCall['headers'], aborted: false };
    this.calls.push(call);
    response.once('close', () => (call.aborted = !response.writableFinished));
    const body = await readText(request);
    if (this.fault?.as === 'hanging') return;
    if (this.fault?.as === 'status') return void response.writeHead(this.fault.status).end('internal words');
    const answer =
      this.fault?.as === 'answer' ? this.fault.answer : await this.handler({ method, path, body });
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: 'internal words' }));
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
