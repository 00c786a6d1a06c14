import { WireConnection } from './wire-connection.js';

/** More would meet the gateway's own limit. */
const mostConnections = 7_000;
const openedAtOnce = 50;
const pauseMs = 10;

/** Connections to one port, the longest unused first, so that all of them stay in use. */
export class WirePool implements Disposable {
  private free: WireConnection[] = [];
  private taken = 0;
  private readonly all = new Set<WireConnection>();
  /** Since it was opened. */
  opened = 0;

  constructor(private readonly port: number) {}

  /** So many before the storm: a server's queue of new connections is short. */
  async open(connections: number): Promise<void> {
    while (this.all.size < connections) {
      for (let index = 0; index < openedAtOnce; index += 1) this.free.push(this.connect());
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** Undefined: there are too many already. */
  take(): WireConnection | undefined {
    while (this.taken < this.free.length) {
      const connection = this.free[this.taken];
      this.taken += 1;
      if (connection?.isOpen) return connection;
    }
    return this.all.size < mostConnections ? this.connect() : undefined;
  }

  release(connection: WireConnection): void {
    if (this.taken > mostConnections) {
      this.free = this.free.slice(this.taken);
      this.taken = 0;
    }
    this.free.push(connection);
  }

  [Symbol.dispose](): void {
    for (const connection of this.all) connection.abandon();
  }

  private connect(): WireConnection {
    this.opened += 1;
    const connection = new WireConnection(this.port, (closed) => this.all.delete(closed));
    this.all.add(connection);
    return connection;
  }
}
