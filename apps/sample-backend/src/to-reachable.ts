/** A listening address as one can call it: all interfaces become the local one, IPv6 gets its brackets. */
export function toReachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
