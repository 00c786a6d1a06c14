import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMessage, type RawMessage } from './raw-body.js';

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name; repeated ones joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed JSON, if it is some. */
  readonly body: unknown;
}

/** A connection that says exactly what it is told to, right or wrong, and collects what comes back. */
export class RawConnection implements Disposable {
  readonly openedAtMs = performance.now();
  closedAtMs: number | undefined;
  private received = Buffer.alloc(0);
  private reset = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    socket.on('error', () => (this.reset = true));
    socket.once('close', () => (this.closedAtMs = performance.now()));
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  send(bytes: string | Buffer): this {
    this.socket.write(bytes, 'latin1');
    return this;
  }

  get closed(): boolean {
    return this.closedAtMs !== undefined;
  }

  /** The next answer; undefined when the connection ends without one. Rejects when neither happens in time. */
  async answer(limitMs = 5_000): Promise<RawAnswer | undefined> {
    const endMs = performance.now() + limitMs;
    for (;;) {
      const found = readAnswer(this.received);
      if (found !== undefined) {
        this.received = this.received.subarray(found.length);
        return found.answer;
      }
      if (this.closed || this.reset) return undefined;
      if (performance.now() > endMs) throw new Error(`no answer within ${limitMs} ms`);
      await sleep(2);
    }
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Sends `bytes` on a connection of their own and returns the first answer, if there is one. */
export async function exchange(url: string, bytes: string | Buffer): Promise<RawAnswer | undefined> {
  using connection = await RawConnection.open(url);
  return await connection.send(bytes).answer();
}

/** Sends `bytes`, which must ask for the connection to be closed, and returns all that comes back until then. */
export async function exchangeBytes(url: string, bytes: string | Buffer): Promise<Buffer> {
  using connection = await RawConnection.open(url);
  const chunks: Buffer[] = [];
  connection.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  connection.send(bytes);
  await new Promise((resolve) => connection.socket.once('close', resolve));
  return Buffer.concat(chunks);
}

/** The same, as one message. */
export async function exchangeWhole(url: string, bytes: string | Buffer): Promise<RawMessage> {
  return readMessage(await exchangeBytes(url, bytes));
}

/** The bytes of a request: header lines as they are, and nothing added. */
export function requestText(line: string, headers: readonly string[], body = ''): string {
  return `${[line, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

function readAnswer(bytes: Buffer): { answer: RawAnswer; length: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/: ?(.*)/, 2);
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  const status = Number(statusLine.split(' ')[1]);
  const hasBody = status >= 200 && status !== 204 && status !== 304;
  const length = headEnd + 4 + (hasBody ? Number(headers['content-length'] ?? 0) : 0);
  if (bytes.length < length) return undefined;
  const text = bytes.subarray(headEnd + 4, length).toString();
  return { answer: { status, headers, text, body: readJson(text) }, length };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
