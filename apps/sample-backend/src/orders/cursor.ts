import { status } from '@grpc/grpc-js';

import { CallError } from './call.error.js';

/** Where a page ended, in a form callers have no reason to read or to make up. */
export function toCursor(lastId: number): string {
  return Buffer.from(`orders:before:${lastId}`).toString('base64url');
}

/** Throws CallError (INVALID_ARGUMENT) on anything `toCursor` did not return. */
export function readCursor(cursor: string): number {
  const id = Number(/^orders:before:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]);
  // Decoding forgives stray characters; only the exact text is a cursor of ours.
  if (Number.isSafeInteger(id) && toCursor(id) === cursor) return id;
  throw new CallError(status.INVALID_ARGUMENT, 'this cursor is not one of ours');
}
