import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port cannot be listened on; the message says how to mend it. */
export class PortError extends Error {
  constructor(what: string, port: number, host: string, cause: NodeJS.ErrnoException, setting: string) {
    const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${cause.code ?? cause.message})`;
    super(`${what}: port ${port} on ${host} ${why}. Stop what uses it, or set ${setting} to another port.`, {
      cause,
    });
    this.name = 'PortError';
  }
}

interface ListenOptions {
  /** For the error text. */
  readonly what: string;
  readonly setting: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * Connections that wait to be accepted, of which Node takes one in a turn of the event loop; the operating system may
 * have a lower limit. Those beyond it are not refused but left without an answer, and their clients try again after
 * 200 ms, then 400 and so on: the default, 511, is what a balancer that comes back opens at once.
 */
const backlog = 4_096;

/** The URL that the server answers at. Rejects with PortError. */
export function listen(server: Server, { what, setting, host, port }: ListenOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new PortError(what, port, host, error, setting)));
    server.listen({ port, host, backlog }, () => {
      const address = server.address() as AddressInfo;
      resolve(
        `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
      );
    });
  });
}
