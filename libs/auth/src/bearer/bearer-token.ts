import type { IncomingMessage } from 'node:http';

export type TokenScheme = 'Bearer' | 'DPoP';

export interface PresentedToken {
  /** DPoP: with a proof that the caller has the key it is bound to. */
  readonly scheme: TokenScheme;
  readonly token: string;
}

/**
 * RFC 6750, section 2.1, and RFC 9449, section 7.1. Null when there is no such header, when it holds something else,
 * or when there are two: whoever reads the other one would see another caller.
 */
export function readPresentedToken({ headers, rawHeaders }: IncomingMessage): PresentedToken | null {
  const { authorization } = headers;
  if (authorization === undefined || isRepeated(rawHeaders)) return null;
  const [, scheme, token] = /^(Bearer|DPoP) +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) return null;
  return { scheme: scheme.length === 4 ? 'DPoP' : 'Bearer', token };
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
