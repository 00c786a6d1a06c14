import { randomHex } from './random-id.js';

const acceptable = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's request id when it is harmless in logs and headers, else a new one. */
export function readRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && acceptable.test(header) ? header : randomHex(16);
}
