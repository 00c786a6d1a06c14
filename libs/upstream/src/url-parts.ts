/** The URLs of one upstream, separated by commas. */
export function splitUrls(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** A URL has an IPv6 address in brackets; sockets and certificates do not. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * `http://2130706433` and `http://[::ffff:7f00:1]` are 127.0.0.1: whoever writes that wants to get past somebody.
 * `hostname` is what the parser of http URLs makes of the host in `text`.
 */
export function isDisguised(text: string, hostname: string): boolean {
  return hostname.startsWith('[::ffff:') || (/^[\d.]+$/.test(hostname) && !text.includes(hostname));
}

/** For the error text of a setting. */
export const disguise = 'disguises an IPv4 address; write it as 192.0.2.1';
