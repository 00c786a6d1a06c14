import { BlockList, isIP } from 'node:net';

/** Where services may say that they are. Undefined: whatever it is there. */
export interface TargetPattern {
  readonly text: string;
  readonly protocol: 'http:' | 'https:' | undefined;
  /** `*.example.com`, `10.0.0.0/8`, or one host. */
  readonly host: string;
  readonly port: string | undefined;
}

const syntax = /^(?:(https?):\/\/)?(\[[\da-f:.]+\]|[\da-z.*-]+)(\/\d{1,3})?(?::(\d{1,5}|\*))?$/i;
const nameSyntax = /^(\*\.)?[a-z\d-]+(\.[a-z\d-]+)*$/;
const defaultPorts = { http: '80', https: '443' } as const;

/** Undefined: it cannot be read. */
export function readTargetPattern(text: string): TargetPattern | undefined {
  const [, scheme, rawHost = '', bits, port] = syntax.exec(text.toLowerCase()) ?? [];
  const host = rawHost.replace(/^\[(.*)\]$/, '$1');
  if (host === '' || Number(port) > 65_535 || !isReadable(host, bits)) return undefined;
  return {
    text,
    protocol: scheme === undefined ? undefined : `${scheme as 'http' | 'https'}:`,
    host: host + (bits ?? ''),
    port: port === '*' ? undefined : (port ?? (scheme && defaultPorts[scheme as 'http' | 'https'])),
  };
}

function isReadable(host: string, bits: string | undefined): boolean {
  const version = isIP(host);
  if (bits !== undefined) return version !== 0 && Number(bits.slice(1)) <= (version === 4 ? 32 : 128);
  // What looks like an IPv4 address and is none would be a disguise of one.
  return version !== 0 || (nameSyntax.test(host) && !/(^|\.)(\d+|0x[\da-f]*)$/.test(host));
}

/** An origin as a URL has it, and nothing behind it. Undefined: it is none, or hides where it leads. */
export function readTarget(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const defaultPort = url.protocol === 'https:' ? /:443$/ : /:80$/;
  if (url.origin !== text.replace(/\/$/, '').replace(defaultPort, '') || url.hostname.startsWith('[::ffff:'))
    return undefined;
  return url;
}

export function allowsTarget({ protocol, host, port }: TargetPattern, target: URL): boolean {
  if (protocol !== undefined && protocol !== target.protocol) return false;
  const targetPort = target.port || (target.protocol === 'https:' ? '443' : '80');
  if (port !== undefined && port !== targetPort) return false;
  return allowsHost(host, target.hostname.replace(/^\[(.*)\]$/, '$1'));
}

function allowsHost(pattern: string, host: string): boolean {
  const version = isIP(host);
  const [address = '', bits] = pattern.split('/');
  if (version === 0) return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
  if (isIP(address) !== version) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), family);
  return list.check(host, family);
}
