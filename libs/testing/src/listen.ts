import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Listens on a free loopback port, or on `port`; `host` may be any address of 127.0.0.0/8. */
export async function listen(server: Server | HttpServer, port = 0, host = '127.0.0.1'): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const bound = (server.address() as AddressInfo).port;
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: bound, url: `http://${host}:${bound}`, close };
}

/** A loopback port that was free a moment ago, for what cannot be told to choose one itself. */
export async function findFreePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}
