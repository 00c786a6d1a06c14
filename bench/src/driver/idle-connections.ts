import { WireConnection } from '../storms/driver/wire-connection.js';
import type { DriverCaller } from './load.js';

export interface Hold {
  readonly port: number;
  readonly path: string;
  /** Who they belong to, in turns. */
  readonly callers: readonly DriverCaller[];
  readonly connections: number;
}

/** So many are opened at one time: more would be refused by who has a short queue. */
const openedTogether = 100;

/** Keep-alive connections over which one request was answered each, and on which nothing happens any more. */
export class IdleConnections {
  private open: WireConnection[] = [];
  private closed = 0;

  /** Rejects when one of them gets no good answer. */
  async hold({ port, path, callers, connections }: Hold): Promise<void> {
    for (let opened = 0; opened < connections; opened += openedTogether) {
      const some = Math.min(openedTogether, connections - opened);
      await Promise.all(
        Array.from({ length: some }, (_, index) =>
          this.openOne(port, toRequest(path, callers[(opened + index) % callers.length])),
        ),
      );
    }
  }

  /** Resolves with how many were closed by the other side meanwhile. */
  release(): number {
    const { open, closed } = this;
    this.open = [];
    for (const connection of open) connection.abandon();
    this.closed = 0;
    return closed;
  }

  private openOne(port: number, request: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const connection = new WireConnection(port, (one) => {
        if (this.open.includes(one)) this.closed += 1;
      });
      this.open.push(connection);
      connection.ask(request, (answer) => {
        if (answer?.status === 200) resolve();
        else reject(new Error(`an idle connection began with ${answer?.status ?? 'no answer'}`));
      });
    });
  }
}

function toRequest(path: string, caller: DriverCaller | undefined): string {
  const headers = Object.entries({ host: 'idle', ...caller?.headers, 'x-user-id': caller?.id ?? '' });
  return `GET ${path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
