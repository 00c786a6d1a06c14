import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type Certificate, listen } from '@bff/testing';

/** RFC 6455, section 1.3. */
const handshakeId = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A connection as its service sees it, frame by frame; echoes them unless told otherwise. */
export class ServiceSocket {
  /** All frames so far that were no close. */
  readonly frames: Frame[] = [];
  closeCode: number | undefined;
  isClosed = false;
  isEchoing = true;
  private received: Buffer = Buffer.alloc(0);

  constructor(
    readonly request: IncomingMessage,
    readonly socket: Duplex,
  ) {
    socket.on('error', () => undefined).on('close', () => (this.isClosed = true));
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      for (let frame = this.take(); frame !== undefined; frame = this.take()) this.hear(frame);
    });
    socket.on('end', () => socket.end());
  }

  send(opcode: number, payload: Buffer): boolean {
    return this.socket.write(toFrame(opcode, payload));
  }

  private hear({ opcode, payload }: Frame): void {
    if (opcode === 8) {
      this.closeCode = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
      this.socket.end(toFrame(8, payload));
      return;
    }
    this.frames.push({ opcode, payload });
    if (this.isEchoing) this.send(opcode, payload);
  }

  /** A client masks everything (RFC 6455, section 5.1); lengths beyond 64 KiB are not sent in tests. */
  private take(): Frame | undefined {
    const { received } = this;
    if (received.length < 6) return undefined;
    const [first = 0, second = 0] = received;
    if ((second & 0x80) === 0) throw new Error('a frame of a client that is not masked');
    const isLong = (second & 0x7f) === 126;
    const start = isLong ? 8 : 6;
    if (received.length < start) return undefined;
    const length = isLong ? received.readUInt16BE(2) : second & 0x7f;
    if (received.length < start + length) return undefined;
    const mask = received.subarray(start - 4, start);
    const payload = Buffer.from(received.subarray(start, start + length)).map(
      (byte, index) => byte ^ (mask[index % 4] ?? 0),
    );
    this.received = received.subarray(start + length);
    return { opcode: first & 0x0f, payload: Buffer.from(payload) };
  }
}

export function toFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10, 0x80 | opcode);
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

/** A service that speaks WebSocket, by hand: what it sees and says is exactly what is on the wire. */
export class SocketService implements AsyncDisposable {
  readonly opened: ServiceSocket[] = [];
  /** Requests that asked for nothing but an answer. */
  readonly plain: IncomingMessage[] = [];
  /** Said instead of 101, byte for byte; undefined: everybody is let in. */
  declines: string | undefined;
  /** Nobody is answered. */
  isSilent = false;
  /** More lines of the 101, and frames that come in one piece with it. */
  greeting: { readonly lines?: readonly string[]; readonly frames?: Buffer } = {};
  url = '';
  private close: () => Promise<void> = async () => undefined;

  static async start(tls?: Certificate): Promise<SocketService> {
    const service = new SocketService();
    const onRequest: RequestListener = (request, response) => {
      service.plain.push(request);
      response.end('plain');
    };
    const server: Server = tls ? createSecureServer(tls, onRequest) : createServer(onRequest);
    server.on('upgrade', (request, socket) => service.answer(request, socket));
    const { url, port, close } = await listen(server);
    service.url = tls ? `https://127.0.0.1:${port}` : url;
    service.close = close;
    return service;
  }

  get last(): ServiceSocket | undefined {
    return this.opened.at(-1);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private answer(request: IncomingMessage, socket: Duplex): void {
    if (this.isSilent) return void socket.on('error', () => undefined);
    if (this.declines !== undefined) return void socket.end(this.declines);
    const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${handshakeId}`);
    const { lines = [], frames = Buffer.alloc(0) } = this.greeting;
    const head = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${key.digest('base64')}`,
      ...lines,
    ];
    socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), frames]));
    this.opened.push(new ServiceSocket(request, socket));
  }
}
