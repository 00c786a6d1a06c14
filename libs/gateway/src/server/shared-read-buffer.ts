import { Socket } from 'node:net';

/** As Node's HTTP server has it for the connections that it reads itself. */
const bytes = Buffer.allocUnsafeSlow(64 * 1024);

/** What a socket keeps of its option `onread`, which the sockets of a server do not get. */
export interface ReadOption {
  readonly buffer: symbol;
  readonly callback: symbol;
}

type Handle = { useUserBuffer?(buffer: Uint8Array): void } | null;

/**
 * From now on what comes over the socket is read into one buffer, the same for all, and handed to `take`, which must not
 * keep it. Its answer is that of `push`: whether more may come. Node would take 64 KiB for each read and give back what
 * is too much. False: sockets are made differently than in the Node that this was written for, and nothing has changed.
 */
export function shareReadBuffer(socket: Socket, take: (bytes: Buffer) => boolean): boolean {
  const { _handle: handle } = socket as unknown as { readonly _handle: Handle };
  if (readOption === undefined || handle?.useUserBuffer === undefined) return false;
  // Every socket has these properties. One more would make another kind of object of it, and slow down what Node does
  // with all of them.
  Object.assign(socket, {
    [readOption.buffer]: bytes,
    [readOption.callback]: (length: number) => take(bytes.subarray(0, length)),
  });
  handle.useUserBuffer(bytes);
  return true;
}

/** Found by what a socket makes of the documented option. */
function findReadOption(): ReadOption | undefined {
  const onread = { buffer: Buffer.alloc(1), callback: () => true };
  const socket = new Socket({ onread });
  const keyOf = (kept: unknown) =>
    Object.getOwnPropertySymbols(socket).find((key) => Reflect.get(socket, key) === kept);
  const [buffer, callback] = [keyOf(onread.buffer), keyOf(onread.callback)];
  return buffer === undefined || callback === undefined ? undefined : { buffer, callback };
}

/** Undefined: this Node has it nowhere. */
export const readOption = findReadOption();
