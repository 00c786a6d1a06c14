import type { IncomingMessage } from 'node:http';

/**
 * RFC 6750, section 2.1. Null when there is no such header, when it holds something else, or when there are two:
 * whoever reads the other one would see another caller.
 */
export function readBearerToken({ headers, rawHeaders }: IncomingMessage): string | null {
  const { authorization } = headers;
  if (authorization === undefined || isRepeated(rawHeaders)) return null;
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? null;
}

/** Node keeps the first of several and drops the rest, so only the raw headers can tell. */
function isRepeated(rawHeaders: readonly string[]): boolean {
  let times = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 13 && name.toLowerCase() === 'authorization') times += 1;
  }
  return times > 1;
}
