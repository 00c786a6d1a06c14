/** Where a service is, as its configuration says. */
export interface Endpoint {
  readonly tls: boolean;
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** An endpoint, and the network addresses that its name stands for now; undefined: nobody resolved it. */
export interface Place extends Endpoint {
  readonly addresses: readonly string[] | undefined;
}

/** `host:port`, or `address:port` where a name stands for several. */
export function labelOf({ hostname, port, addresses }: Place): string {
  const host = addresses !== undefined && addresses.length === 1 ? (addresses[0] ?? hostname) : hostname;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
