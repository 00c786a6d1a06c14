import { connect, type Socket } from 'node:net';

export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

/** Undefined: the connection broke. */
type TakeAnswer = (answer: WireAnswer | undefined) => void;

const none = Buffer.alloc(0);

/**
 * A keep-alive connection that is asked one thing at a time. A tenth of the work of a whole HTTP client: what makes a
 * storm shares the machine with what stands in it. Knows Content-Length only; anything else breaks it.
 */
export class WireConnection {
  private readonly socket: Socket;
  private received: Buffer = none;
  private take: TakeAnswer | undefined;
  isOpen = true;

  /** `onClose` comes at most once, before the answer that says so. */
  constructor(port: number, onClose: (connection: WireConnection) => void) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (data: Buffer) => this.receive(data));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isOpen = false;
      onClose(this);
      this.settle(undefined);
    });
  }

  ask(request: string, take: TakeAnswer): void {
    this.take = take;
    this.socket.write(request, 'latin1');
  }

  /** Its answer does not come any more. */
  abandon(): void {
    this.take = undefined;
    this.socket.destroy();
  }

  private receive(data: Buffer): void {
    this.received = this.received.length === 0 ? data : Buffer.concat([this.received, data]);
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
    if (length === undefined) {
      this.socket.destroy();
      return;
    }
    const end = headEnd + 4 + Number(length);
    if (this.received.length < end) return;
    const body = this.received.toString('utf8', headEnd + 4, end);
    this.received = none;
    this.settle({ status: Number(head.slice(9, 12)), body });
  }

  private settle(answer: WireAnswer | undefined): void {
    const { take } = this;
    this.take = undefined;
    take?.(answer);
  }
}
