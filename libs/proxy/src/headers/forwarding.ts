/** From where a request came, as far as the gateway believes it. */
export interface Forwarding {
  /** The caller's, then those of the proxies between him and the gateway. */
  readonly addresses: readonly string[];
  readonly proto: 'http' | 'https';
  readonly host?: string | undefined;
}

/** As name and value in turns: RFC 7239's `forwarded`, and what was there before it. */
export function toForwardingHeaders({ addresses, proto, host }: Forwarding): string[] {
  const headers = ['x-forwarded-for', addresses.join(', '), 'x-forwarded-proto', proto];
  if (host !== undefined) headers.push('x-forwarded-host', host);
  const [caller = 'unknown', ...proxies] = addresses.map(toNode);
  const first = `for=${caller}${host === undefined ? '' : `;host="${host}"`};proto=${proto}`;
  headers.push('forwarded', [first, ...proxies.map((proxy) => `for=${proxy}`)].join(', '));
  return headers;
}

/** An IPv6 address is bracketed and quoted (RFC 7239, section 6). */
function toNode(address: string): string {
  return address.includes(':') ? `"[${address}]"` : address;
}
