import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

// Imported by scripts/api-key.mjs as it is: what is not in Node itself cannot be imported here.

const keyPattern = /^bff_[\w-]{49}$/;
const checkedLength = 'bff_'.length + 43;

/** A new key: `bff_`, 256 random bits, and a checksum, by which a mistyped one and a leaked one can be told. */
export function generateApiKey(): string {
  const key = `bff_${randomBytes(32).toString('base64url')}`;
  return key + checksumOf(key);
}

/** Whether it can be a key at all; nothing is looked up for it. */
export function isApiKey(text: string): boolean {
  return keyPattern.test(text) && text.slice(checkedLength) === checksumOf(text.slice(0, checkedLength));
}

/** What is kept of a key, as hex. Of 256 random bits nobody guesses one, so nothing slower is needed. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** CRC-32 (ISO 3309) in six letters. */
function checksumOf(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64url');
}
