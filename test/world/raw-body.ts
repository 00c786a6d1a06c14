/** A message as it came over the wire. */
export interface RawMessage {
  /** The request or status line. */
  readonly first: string;
  /** Header lines as they came. */
  readonly lines: readonly string[];
  /** Without its chunks. */
  readonly body: Buffer;
  /** Behind the last chunk. */
  readonly trailers: readonly string[];
}

/** Of bytes that are one whole message, whose body ends with them where nothing says its length. Throws where it is none. */
export function readMessage(bytes: Buffer): RawMessage {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) throw new Error(`no head: ${bytes.toString('latin1').slice(0, 200)}`);
  const [first = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const rest = bytes.subarray(headEnd + 4);
  if (valuesIn(lines, 'transfer-encoding').includes('chunked')) return { first, lines, ...readChunks(rest) };
  const [length] = valuesIn(lines, 'content-length');
  if (length !== undefined && Number(length) !== rest.length)
    throw new Error(`${rest.length} bytes of ${length}`);
  return { first, lines, body: rest, trailers: [] };
}

/** The values of all lines with this lower-case name. */
export function valuesIn(lines: readonly string[], name: string): string[] {
  return lines.flatMap((line) => {
    const [key = '', value = ''] = line.split(/: ?(.*)/s, 2);
    return key.toLowerCase() === name ? [value] : [];
  });
}

/** As a sender makes them who has so much at a time. */
export function toChunks(body: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let from = 0; from < body.length; from += size) {
    const part = body.subarray(from, from + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

function readChunks(bytes: Buffer): Pick<RawMessage, 'body' | 'trailers'> {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (lineEnd < 0 || Number.isNaN(size)) throw new Error('the chunks break off');
    at = lineEnd + 2;
    if (size === 0) {
      const text = bytes.subarray(at).toString('latin1');
      if (!text.endsWith('\r\n')) throw new Error('the trailers break off');
      return { body: Buffer.concat(parts), trailers: text.split('\r\n').filter((line) => line !== '') };
    }
    parts.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
}
