import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { listen } from '@bff/testing';
import { EarlyRefusals } from './early-refusals.js';
import { LoadShedder } from './load-shedder.js';
import { serverOptions, setServerLimits } from './server-limits.js';
import { readOption, type ReadOption } from './shared-read-buffer.js';

const limitMs = 2_000;

/** Looks in every turn of the event loop: what is awaited is not far. */
export async function soon(what: string, isTrue: () => boolean): Promise<void> {
  for (const startMs = performance.now(); !isTrue(); await nextTurn())
    if (performance.now() - startMs > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
}

interface Options {
  readonly isEarly?: boolean;
  readonly lagMs?: number;
  readonly checkedEveryMs?: number;
  /** Of a Unix socket; undefined: it listens on a port. */
  readonly path?: string;
}

/**
 * Echoes what it takes, and takes everything until `fill`. Refuses as a gateway does, or only behind Node's parser, to
 * compare with.
 */
export async function openServer({
  isEarly = true,
  lagMs = 10_000,
  checkedEveryMs = 2_000,
  path,
}: Options = {}) {
  const clock = { ms: 0 };
  /** Of the process, for each request that Node has read. */
  const cost = { readMs: 0 };
  const overload = { lagMs, heapShare: 1, inFlight: 10_000 };
  const shedder = new LoadShedder(overload, () => clock.ms);
  const server = createServer({ ...serverOptions, connectionsCheckingInterval: checkedEveryMs });
  setServerLimits(server);
  const judge = isEarly ? new EarlyRefusals(server, shedder) : shedder;
  const read: string[] = [];
  server.on('request', (request, response) => {
    read.push(`${request.method} ${request.url}`);
    clock.ms += cost.readMs;
    judge.admit(request, response, () => void echo(request, response));
  });
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  const { address, close } = await listenAt(server, path);
  return {
    server,
    shedder,
    clock,
    cost,
    address,
    /** What Node's parser has read. */
    read,
    /** As the server sees them, the oldest first. */
    sockets,
    fill: () => void (overload.inFlight = 0),
    free: () => void (overload.inFlight = 10_000),
    [Symbol.asyncDispose]: async () => {
      shedder[Symbol.dispose]();
      await close();
    },
  };
}

async function listenAt(server: HttpServer, path: string | undefined) {
  if (path === undefined) {
    const { port, close } = await listen(server);
    return { address: { port, host: '127.0.0.1' }, close };
  }
  await once(server.listen(path), 'listening');
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { address: { path }, close };
}

export type Server = Awaited<ReturnType<typeof openServer>>;

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request;
  const hasBody = 'content-length' in headers || 'transfer-encoding' in headers;
  const body = hasBody ? await text(request) : '';
  response.end(JSON.stringify({ method, url, body }));
}

/** A connection of which both ends are seen. */
export class Wire implements Disposable {
  /** All that came back. */
  received = '';
  isClosed = false;
  private sentBytes = 0;
  private told = 0;

  private constructor(
    private readonly socket: Socket,
    readonly atServer: Socket,
  ) {
    socket.setEncoding('latin1').on('data', (data: string) => (this.received += data));
    socket.on('close', () => (this.isClosed = true)).on('error', () => undefined);
  }

  static async open({ address, sockets }: Server): Promise<Wire> {
    const count = sockets.length;
    const socket = connect({ ...address, noDelay: true });
    await soon('it is connected', () => sockets.length > count && !socket.connecting);
    return new Wire(socket, sockets[count] as Socket);
  }

  /** Resolves when the server has read it: what is sent next comes to it in another piece. */
  async send(piece: string): Promise<this> {
    this.socket.write(piece, 'latin1');
    this.sentBytes += piece.length;
    await soon('it was read', () => this.atServer.bytesRead >= this.sentBytes || this.isClosed);
    return this;
  }

  /** The server reads these in one turn of its event loop, each by itself. */
  arrive(...pieces: readonly string[]): void {
    for (const piece of pieces) receive(this.atServer, Buffer.from(piece, 'latin1'));
  }

  /** What came back since the last time, when nothing more comes. */
  async answers(): Promise<string> {
    for (let quietTurns = 0; quietTurns < 5; quietTurns += 1) {
      const { length } = this.received;
      await soon('it has arrived', () => this.received.length >= this.atServer.bytesWritten || this.isClosed);
      if (this.received.length > length) quietTurns = 0;
      await nextTurn();
    }
    const news = this.received.slice(this.told);
    this.told = this.received.length;
    return news;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** As when Node has read it: into the buffer that the socket has, or, as long as nobody watches it, one of its own. */
function receive(socket: Socket, bytes: Buffer): void {
  const { buffer, callback } = readOption as ReadOption;
  const shared = Reflect.get(socket, buffer) as Buffer | null;
  if (shared === null) return void socket.push(bytes);
  bytes.copy(shared);
  (Reflect.get(socket, callback) as (length: number) => void)(bytes.length);
}

export function get(target: string, ...lines: string[]): string {
  return [`GET ${target} HTTP/1.1`, 'Host: bff', ...lines, '', ''].join('\r\n');
}

/** Without what differs from one answer to the next. */
export function sameEachTime(answers: string): string {
  return answers
    .replaceAll(/X-Request-Id: [0-9a-f]{32}\r\n/g, 'X-Request-Id: new\r\n')
    .replaceAll(/"requestId":"[0-9a-f]{32}"/g, '"requestId":"new"')
    .replaceAll(/Retry-After: [2-5]\r\n/g, 'Retry-After: soon\r\n')
    .replaceAll(/Date: [^\r]*\r\n/g, 'Date: now\r\n');
}
