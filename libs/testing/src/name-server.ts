import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';

/** A real name server on loopback, for IPv4 names that change while it runs. */
export class NameServer implements AsyncDisposable {
  /** Questions asked. */
  questions = 0;
  /** While true, no question is answered. */
  isSilent = false;
  private readonly names = new Map<string, readonly string[]>();

  private constructor(private readonly socket: Socket) {}

  static async start(): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket);
    socket.on('message', (message, { port, address }) => {
      server.questions += 1;
      if (!server.isSilent) socket.send(server.answer(message), port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return server;
  }

  /** `host:port`. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** From now on the name stands for these addresses; for none: it does not exist. */
  set(name: string, ...addresses: readonly string[]): void {
    this.names.set(name, addresses);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private answer(message: Buffer): Buffer {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    const addresses = this.names.get(question?.name ?? '') ?? [];
    const isKnown = addresses.length > 0;
    const answers =
      question?.type === 'A'
        ? addresses.map((data) => ({ type: 'A' as const, name: question.name, ttl: 0, data }))
        : [];
    // 3 is NXDOMAIN (RFC 1035, section 4.1.1).
    return encode({ type: 'response', id: id ?? 0, flags: isKnown ? 0 : 3, questions, answers });
  }
}
