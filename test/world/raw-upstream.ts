import { createServer, type Socket } from 'node:net';
import { listen } from '@bff/testing';

/** What a raw upstream does once a request is whole. */
export type RawAnswering = (socket: Socket, request: string) => void;

/** An upstream that keeps exactly the bytes that arrive, and answers with whatever bytes it is told to, right or wrong. */
export interface RawUpstream extends AsyncDisposable {
  readonly url: string;
  /** Of all connections in the order of arrival, as latin1. */
  received: string;
  /** Whole requests among it. */
  requests: number;
  answering: RawAnswering;
  /** Forgets what has arrived, and answers as usual again. */
  clear(): void;
}

const fine = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** The usual answer: 200 with `ok`. */
export const answerFine: RawAnswering = (socket) => void socket.write(fine);

/** Answers with these bytes and, where `ends`, closes the connection behind them. */
export function answerWith(bytes: string, ends = true): RawAnswering {
  return (socket) => void (ends ? socket.end(bytes, 'latin1') : socket.write(bytes, 'latin1'));
}

export async function startRawUpstream(): Promise<RawUpstream> {
  const fresh = { received: '', requests: 0, answering: answerFine };
  const state = { ...fresh, clear: () => void Object.assign(state, fresh) };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    let pending = '';
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      state.received += chunk.toString('latin1');
      for (let length = wholeRequest(pending); length > 0; length = wholeRequest(pending)) {
        state.requests += 1;
        const request = pending.slice(0, length);
        pending = pending.slice(length);
        state.answering(socket, request);
      }
    });
  });
  const { url, close } = await listen(server);
  return Object.assign(state, { url, [Symbol.asyncDispose]: close });
}

/** Its length in bytes; 0: it is not whole yet. */
function wholeRequest(text: string): number {
  const headEnd = text.indexOf('\r\n\r\n') + 4;
  if (headEnd < 4) return 0;
  const head = text.slice(0, headEnd);
  if (/^transfer-encoding: chunked\r$/im.test(head)) {
    const end = text.indexOf('\r\n0\r\n\r\n', headEnd - 2);
    return end < 0 ? 0 : end + 7;
  }
  const [, bytes = '0'] = /^content-length: (\d+)\r$/im.exec(head) ?? [];
  const length = headEnd + Number(bytes);
  return text.length < length ? 0 : length;
}
