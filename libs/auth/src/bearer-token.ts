import type { IncomingMessage } from 'node:http';

/**
 * RFC 6750, section 2.1. Null when there is no such header, when it holds something else, or when there are two:
 * whoever reads the other one would see another caller.
 */
export function readBearerToken(request: IncomingMessage): string | null {
  const [header = '', ...others] = request.headersDistinct['authorization'] ?? [];
  if (others.length > 0) return null;
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1] ?? null;
}
