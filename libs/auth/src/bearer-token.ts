import type { IncomingMessage } from 'node:http';

/** RFC 6750, section 2.1. Null when there is no such header, or it holds something else. */
export function readBearerToken(request: IncomingMessage): string | null {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
