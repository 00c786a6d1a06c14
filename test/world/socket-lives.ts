import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** How long each connection lasted at the end of a server in this process; undefined while it is open. */
export interface SocketLives extends Disposable {
  readonly lastedMs: readonly (number | undefined)[];
}

/** Of connections that are opened from now on. */
export function watchSockets(serverUrl: string): SocketLives {
  const port = Number(new URL(serverUrl).port);
  const lastedMs: (number | undefined)[] = [];
  const watch = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    if (socket.localPort !== port) return;
    const openedAtMs = performance.now();
    const index = lastedMs.push(undefined) - 1;
    socket.once('close', () => (lastedMs[index] = performance.now() - openedAtMs));
  };
  subscribe('net.server.socket', watch);
  return { lastedMs, [Symbol.dispose]: () => unsubscribe('net.server.socket', watch) };
}
