import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { listen, type Listening } from './listen.js';

/** Does to a connection what a broken service would; called with the bytes of the first request. */
export type WireFault = (socket: Socket, request: Buffer) => void;

/** A server below HTTP: it sees bytes and says bytes, for what no HTTP server would ever send. */
export class WireFake implements AsyncDisposable {
  /** Requests begun, one for each connection. */
  requests = 0;
  /** Connections that are open now. */
  open = 0;

  private constructor(
    private readonly listening: Listening,
    private readonly scheme: 'http' | 'https',
  ) {}

  static async start(fault: WireFault, tls?: TlsOptions): Promise<WireFake> {
    const onConnection = (socket: Socket): void => {
      fake.open += 1;
      socket.on('error', () => undefined);
      socket.once('close', () => (fake.open -= 1));
      socket.once('data', (request: Buffer) => {
        fake.requests += 1;
        fault(socket, request);
      });
    };
    const server: Server =
      tls === undefined ? createServer(onConnection) : createTlsServer(tls, onConnection);
    const fake: WireFake = new WireFake(await listen(server), tls === undefined ? 'http' : 'https');
    return fake;
  }

  get port(): number {
    return this.listening.port;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.listening.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listening.close();
  }
}
