import type { IncomingMessage } from 'node:http';
import type { HeaderRules } from '@bff/proxy';

/** The handshake itself (RFC 6455, section 11.3). No list of what is allowed leaves them out. */
const ofHandshake = new Set([
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
]);

/** RFC 6455, section 4.2.1, as far as it concerns a proxy. With a body it is a request like others. */
export function asksForWebSocket({ method, headers, httpVersion }: IncomingMessage): boolean {
  const { upgrade, 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  if (method !== 'GET' || httpVersion !== '1.1' || length !== '0' || encoding !== undefined) return false;
  return upgrade?.split(',').some((one) => isWebSocket(one)) ?? false;
}

export function isWebSocket(protocol: string): boolean {
  return protocol.trim().toLowerCase() === 'websocket';
}

/** Those of the handshake that a list of what is allowed would leave out, as name and value in turns. */
export function ofHandshakeOnly(
  rawHeaders: readonly string[],
  { allow, deny, set }: HeaderRules,
): readonly string[] {
  if (allow === undefined) return [];
  const others = new Set([...allow, ...deny, ...Object.keys(set)].map((name) => name.toLowerCase()));
  return rawHeaders.filter((_, index) => {
    const name = (rawHeaders[index - (index % 2)] ?? '').toLowerCase();
    return ofHandshake.has(name) && !others.has(name);
  });
}
