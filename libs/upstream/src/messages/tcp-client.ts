import { ClientTCP, type TcpSocket } from '@nestjs/microservices';
import { defaultMaxAnswerBytes } from '../upstream-options.js';
import { MessageRecord, recordSerializer } from './message-record.js';
import type { MessageUrl } from './read-message-url.js';
import { silentLogger } from './silent-logger.js';

/** One socket to a service that speaks NestJS's TCP transport. */
export class TcpClient extends ClientTCP {
  lastError: unknown;
  protected override readonly logger = silentLogger;

  constructor({ hostname: host, port }: MessageUrl) {
    super({ host, port, serializer: recordSerializer, maxBufferSize: defaultMaxAnswerBytes });
  }

  toRecord(data: unknown, headers: Readonly<Record<string, string>>): MessageRecord {
    return new MessageRecord(data, headers);
  }

  override createSocket(): TcpSocket {
    const socket = super.createSocket();
    // A host that is gone without a word is found out, though not a service that has stopped.
    socket.netSocket.setKeepAlive(true, 10_000).setNoDelay(true);
    return socket;
  }

  /** After bytes that are no message NestJS only ends its own half: the socket would stay, and swallow all requests. */
  override registerErrorListener(socket: TcpSocket): void {
    socket.on('error', (error) => {
      this.lastError = error;
      socket.netSocket.destroy();
    });
    super.registerErrorListener(socket);
  }

  drop(): Promise<void> {
    const { socket } = this;
    this.close();
    socket?.netSocket.destroy();
    return Promise.resolve();
  }
}
