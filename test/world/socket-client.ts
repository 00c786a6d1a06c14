import { once } from 'node:events';
import { WebSocket } from 'undici';

/** A WebSocket as a program opens it, with what has come over it. */
export class SocketClient implements Disposable {
  readonly received: (string | Buffer)[] = [];
  closeCode: number | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) =>
      this.received.push(typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer)),
    );
    socket.addEventListener('close', ({ code }) => (this.closeCode = code));
  }

  /** Rejects when it is not let in. */
  static async open(
    gatewayUrl: string,
    path: string,
    headers: Record<string, string> = {},
    protocols: string[] = [],
  ): Promise<SocketClient> {
    const client = new SocketClient(
      new WebSocket(`${gatewayUrl.replace(/^http/, 'ws')}${path}`, { headers, protocols }),
    );
    const failed = once(client.socket, 'error').then(() => Promise.reject(new Error('not let in')));
    await Promise.race([once(client.socket, 'open'), failed]);
    failed.catch(() => undefined);
    return client;
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}
