import { type EventEmitter, once } from 'node:events';
import {
  type Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Fault, RecordedCall } from './fault.js';

/**
 * Answers one method, one that streams with an iterable of its messages; throw an error with `code` and `details` for a
 * gRPC status.
 */
export type GrpcMethods = Readonly<Record<string, (request: never) => object>>;

/** A real gRPC server that stands for a service, records what it was asked, and fails on demand. */
export class GrpcFake implements AsyncDisposable {
  readonly calls: RecordedCall[] = [];
  private fault: Fault | undefined;
  private server = new Server();
  private port = 0;

  private constructor(
    private readonly service: ServiceDefinition,
    private readonly methods: GrpcMethods,
  ) {}

  static async start(protoPath: string, service: string, methods: GrpcMethods): Promise<GrpcFake> {
    const definition = loadSync(protoPath, { longs: String, enums: String, defaults: true })[service];
    if (definition === undefined || 'format' in definition)
      throw new Error(`${protoPath} defines no ${service}`);
    const fake = new GrpcFake(definition, methods);
    await fake.listen();
    return fake;
  }

  get url(): string {
    return `grpc://127.0.0.1:${this.port}`;
  }

  fails(fault: Fault): Promise<void> {
    this.fault = fault;
    if (fault.as === 'unreachable') this.server.forceShutdown();
    return Promise.resolve();
  }

  async recovers(): Promise<void> {
    const wasDown = this.fault?.as === 'unreachable';
    this.fault = undefined;
    if (wasDown) await this.listen();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.server.forceShutdown();
    return Promise.resolve();
  }

  private async listen(): Promise<void> {
    this.server = new Server();
    const handlers = Object.entries(this.service).map(
      ([name, { responseStream }]) =>
        [name, responseStream ? this.streamHandler(name) : this.handler(name)] as const,
    );
    this.server.addService(this.service, Object.fromEntries(handlers));
    this.port = await new Promise((resolve, reject) => {
      const address = `127.0.0.1:${this.port}`;
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  }

  private record(method: string, call: EventEmitter & { readonly metadata: Metadata }): void {
    const headers = call.metadata.getMap() as Record<string, string>;
    const recorded: RecordedCall = { what: method, headers, aborted: false };
    this.calls.push(recorded);
    call.once('cancelled', () => (recorded.aborted = true));
  }

  private streamHandler(method: string) {
    return (call: ServerWritableStream<object, object>): void => {
      this.record(method, call);
      const messages = this.methods[method]?.(call.request as never) as AsyncIterable<object>;
      sendAll(call, messages).catch((error: unknown) => call.emit('error', error));
    };
  }

  private handler(method: string) {
    return (call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>): void => {
      this.record(method, call);
      if (this.fault?.as === 'hanging') return;
      if (this.fault?.as === 'status')
        return answer({ code: toStatus(this.fault.status), details: 'internal words' });
      if (this.fault?.as === 'answer') return answer(null, this.fault.answer as object);
      try {
        const handle = this.methods[method];
        if (handle === undefined) answer({ code: status.UNIMPLEMENTED });
        else answer(null, handle(call.request as never));
      } catch (error) {
        answer(error as { code: status });
      }
    };
  }
}

/** Throws for a number that is no gRPC status. */
function toStatus(code: number): status {
  const name = status[code];
  if (name === undefined) throw new Error(`${code} is not a gRPC status`);
  return status[name as keyof typeof status];
}

async function sendAll(
  call: ServerWritableStream<object, object>,
  messages: AsyncIterable<object> | Iterable<object>,
): Promise<void> {
  for await (const message of messages) if (!call.write(message)) await once(call, 'drain');
  call.end();
}
