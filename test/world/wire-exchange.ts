import { once } from 'node:events';
import { connect } from 'node:net';

export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of all that came over the wire: status line, headers and body. */
  readonly length: number;
}

/** A GET on a connection of its own that stays open, as that of an app does, with every byte of its answer. */
export async function wireExchange(
  url: string,
  path: string,
  headerLines: readonly string[],
): Promise<WireAnswer> {
  const { host, hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write([`GET ${path} HTTP/1.1`, `Host: ${host}`, ...headerLines, '', ''].join('\r\n'));
  let received = Buffer.alloc(0);
  try {
    for (;;) {
      const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(5_000) })) as [Buffer];
      received = Buffer.concat([received, chunk]);
      const answer = readAnswer(received);
      if (answer !== undefined) return answer;
    }
  } finally {
    socket.destroy();
  }
}

function readAnswer(bytes: Buffer): WireAnswer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n') + 4;
  if (headEnd < 4) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').trim().split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = headEnd + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  return { status: Number(statusLine.split(' ')[1]), headers, body: bytes.subarray(headEnd), length };
}
