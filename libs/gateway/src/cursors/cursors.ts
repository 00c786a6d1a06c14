import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { currentContext } from '@bff/context';
import { ProblemError } from '@bff/problem';

const macBytes = 16;

/**
 * Positions in a list that callers keep and come back with: what a service calls a cursor, or a sync token. They are
 * signed, so that nobody makes one up or changes one, and belong to their caller and to what they walk. The same position
 * is the same text each time, so that an answer with one in it keeps its ETag; it is not secret. HMAC-SHA-256 of RFC 2104,
 * cut to 128 bits.
 */
export class Cursors {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  /** The first secret signs, those behind it are still believed. Throws Error without any. */
  constructor(secrets: readonly string[], gateway: string) {
    const [first, ...others] = secrets.map((secret) => toKey(secret, gateway));
    if (first === undefined) throw new Error('cursors need a secret');
    this.keys = [first, ...others];
  }

  /** `list` is what is walked: another one does not take it. Base64url. */
  toCursor(list: string, position: string): string {
    const bytes = Buffer.from(position);
    return Buffer.concat([macOf(this.keys[0], list, bytes), bytes]).toString('base64url');
  }

  /** The position in it. Throws ProblemError `invalid_request` that names `parameter` when it is none of this caller's. */
  read(list: string, cursor: string, parameter = 'cursor'): string {
    const bytes = Buffer.from(cursor, 'base64url');
    const position = bytes.subarray(macBytes);
    const isOurs =
      bytes.length > macBytes &&
      // Decoding forgives stray characters.
      bytes.toString('base64url') === cursor &&
      this.keys.some((key) => timingSafeEqual(macOf(key, list, position), bytes.subarray(0, macBytes)));
    if (isOurs) return position.toString();
    const message = 'is none that you were given here; leave it out to begin at the beginning';
    throw new ProblemError('invalid_request', undefined, { errors: [{ path: parameter, message }] });
  }
}

function macOf(key: Buffer, list: string, position: Buffer): Buffer {
  // Whose it is, not what that token may do: the next token of the same caller goes on with it.
  const place = Buffer.from(JSON.stringify([list, currentContext()?.caller?.id]));
  return createHmac('sha256', key).update(place).update('\0').update(position).digest().subarray(0, macBytes);
}

function toKey(secret: string, gateway: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `bff ${gateway} cursor HMAC-SHA-256`, 32));
}
