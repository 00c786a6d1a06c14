import type { Server, Socket } from 'node:net';

import { ListenError } from './listen.error.js';
import type { ListenerName } from '../service.js';

export interface Address {
  host: string;
  port: number;
}

/** A listening server that can go away as if its process was killed, and come back on the same port. */
export class ListenerGate {
  readonly #sockets = new Set<Socket>();
  #turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly service: ListenerName,
    private readonly server: Server,
    private readonly address: Address,
  ) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** The port asked for; once open, the port it got. */
  get port(): number {
    return this.address.port;
  }

  /** Rejects with ListenError. */
  open(): Promise<void> {
    return this.#inTurn(() => this.#listen());
  }

  /** Stops listening and destroys every open connection. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#shut());
  }

  /** Open and close may be asked for at the same time; they happen one after the other, the last one wins. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #listen(): Promise<void> {
    if (this.server.listening) return;
    await new Promise<void>((resolve, reject) => {
      const onError = (cause: Error): void => reject(new ListenError(this.service, this.address, cause));
      this.server.once('error', onError);
      this.server.listen(this.address, () => {
        this.server.off('error', onError);
        resolve();
      });
    });
    const bound = this.server.address();
    if (typeof bound === 'object' && bound) this.address.port = bound.port;
  }

  async #shut(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
