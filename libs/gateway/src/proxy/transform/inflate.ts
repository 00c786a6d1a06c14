import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate as inflateZlib, zstdDecompress } from 'node:zlib';

type Inflate = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const codings = new Map<string, Inflate>([
  ['identity', async (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
  ['gzip', promisify(gunzip) as Inflate],
  ['x-gzip', promisify(gunzip) as Inflate],
  ['deflate', promisify(inflateZlib) as Inflate],
  ['br', promisify(brotliDecompress) as Inflate],
  ['zstd', promisify(zstdDecompress) as Inflate],
]);

/** A body without its one content coding. Throws Error for others, for what is broken or cut off, and above `maxBytes`. */
export async function inflate(bytes: Uint8Array, coding: string, maxBytes: number): Promise<Buffer> {
  const decode = codings.get(coding.trim().toLowerCase());
  if (decode === undefined) throw new Error('an unknown content coding');
  return decode(bytes, { maxOutputLength: maxBytes });
}
