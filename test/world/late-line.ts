import { connect, createServer } from 'node:net';
import { listen } from '@bff/testing';

/** A line to a server, on which what the server says can be late. */
export interface LateLine extends AsyncDisposable {
  readonly port: number;
  /** Of all that comes back from now on. */
  lateMs: number;
}

export async function startLateLine(target: string): Promise<LateLine> {
  const { hostname, port } = new URL(target);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.pipe(upstream);
    upstream.on('data', (bytes: Buffer) => void setTimeout(() => client.write(bytes), line.lateMs));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  const { port: ownPort, close } = await listen(server);
  const line: LateLine = { port: ownPort, lateMs: 0, [Symbol.asyncDispose]: close };
  return line;
}
