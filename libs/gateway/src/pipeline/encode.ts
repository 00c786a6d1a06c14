import { promisify } from 'node:util';
import {
  brotliCompress,
  brotliCompressSync,
  constants,
  gzip,
  gzipSync,
  zstdCompress,
  zstdCompressSync,
} from 'node:zlib';
import type { Coding } from './choose-coding.js';

/** Below this a thread of its own costs more than the work. */
const maxSyncBytes = 16 * 1_024;
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT, ZSTD_c_compressionLevel } = constants;

/** At once where it is small, harder the smaller it is: a phone's screen is worth more of it than a long list. */
export function encode(coding: Coding, body: Buffer): Buffer | Promise<Buffer> {
  const isSmall = body.length <= maxSyncBytes;
  switch (coding) {
    case 'br': {
      const quality = { [BROTLI_PARAM_QUALITY]: isSmall ? 6 : 4, [BROTLI_PARAM_SIZE_HINT]: body.length };
      return isSmall
        ? brotliCompressSync(body, { params: quality })
        : promisify(brotliCompress)(body, { params: quality });
    }
    case 'zstd': {
      const level = { params: { [ZSTD_c_compressionLevel]: isSmall ? 9 : 3 } };
      return isSmall ? zstdCompressSync(body, level) : promisify(zstdCompress)(body, level);
    }
    case 'gzip': {
      const level = { level: isSmall ? 9 : 6 };
      return isSmall ? gzipSync(body, level) : promisify(gzip)(body, level);
    }
  }
}
