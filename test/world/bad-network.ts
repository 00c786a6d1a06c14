import { connect, createServer, type Socket } from 'node:net';
import { listen } from '@bff/testing';

/** What becomes of one connection between a phone and its gateway. */
export type NetworkFault = 'none' | 'slow' | 'reset-before' | 'reset-after' | 'answer-lost';

/** A network that does to each connection what `faultOf` says, by its number; it carries bytes and reads none. */
export interface BadNetwork extends AsyncDisposable {
  readonly url: string;
  /** Connections so far, by what became of them. */
  readonly counts: Readonly<Record<NetworkFault, number>>;
}

export async function startBadNetwork(
  target: string,
  faultOf: (connection: number) => NetworkFault,
): Promise<BadNetwork> {
  const counts = { none: 0, slow: 0, 'reset-before': 0, 'reset-after': 0, 'answer-lost': 0 };
  const { hostname, port } = new URL(target);
  let connections = 0;
  const server = createServer((phone) => {
    const fault = faultOf(connections);
    connections += 1;
    counts[fault] += 1;
    phone.on('error', () => phone.destroy());
    carry(phone, fault, () => connect(Number(port), hostname));
  });
  const { url, close } = await listen(server);
  return { url, counts, [Symbol.asyncDispose]: close };
}

function carry(phone: Socket, fault: NetworkFault, open: () => Socket): void {
  if (fault === 'reset-before') return void phone.once('data', () => phone.resetAndDestroy());
  const gateway = open();
  gateway.on('error', () => phone.destroy());
  gateway.on('close', () => phone.destroy());
  phone.on('close', () => gateway.destroy());
  phone.pipe(gateway);
  if (fault === 'reset-after') {
    // The request is on its way to the gateway when the phone's connection goes.
    phone.once('data', () => setTimeout(() => phone.resetAndDestroy(), 15));
    return;
  }
  // The call went through, and its answer comes this far.
  if (fault === 'answer-lost') gateway.once('data', () => phone.resetAndDestroy());
  else if (fault === 'slow') gateway.on('data', (bytes: Buffer) => void trickle(bytes, phone));
  else gateway.pipe(phone);
}

/** In pieces, each of them late. */
async function trickle(bytes: Buffer, phone: Socket): Promise<void> {
  const pieces = 4;
  const size = Math.ceil(bytes.length / pieces);
  for (let from = 0; from < bytes.length && phone.writable; from += size) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    phone.write(bytes.subarray(from, from + size));
  }
}
