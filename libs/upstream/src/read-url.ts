import type { Endpoint } from './targets/endpoint.js';
import { UpstreamSettingError } from './upstream-setting.error.js';

interface HttpPlaces {
  readonly endpoints: readonly Endpoint[];
  /** The same for all, without a slash at its end. */
  readonly path: string;
}

/** The URLs of a service that speaks HTTP, separated by commas. Throws UpstreamSettingError. */
export function readHttpUrls(upstream: string, text: string): HttpPlaces {
  const urls = split(text).map((one) => {
    const url = URL.parse(one);
    if (url === null || !['http:', 'https:'].includes(url.protocol))
      throw new UpstreamSettingError(upstream, 'url', `"${one}" is not an http:// or https:// URL`);
    refuseCredentials(upstream, url);
    refuseDisguise(upstream, one, url);
    return url;
  });
  const [path = '', ...others] = [...new Set(urls.map(({ pathname }) => pathname.replace(/\/+$/, '')))];
  if (others.length > 0)
    throw new UpstreamSettingError(upstream, 'url', 'the paths of all its URLs must be the same');
  refuseMixture(upstream, urls);
  return { endpoints: urls.map(toEndpoint), path };
}

/**
 * `host:port`, with `grpc://` or `http://` before it if you like; `grpcs://` or `https://` asks for TLS. Several are
 * separated by commas.
 */
export function readGrpcAddresses(upstream: string, text: string): Endpoint[] {
  const urls = split(text).map((one) => {
    const url = URL.parse(one.includes('://') ? one.replace(/^grpc/, 'http') : `http://${one}`);
    if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
      const mistake = `"${one}" is not a host:port, grpc:// or grpcs:// address`;
      throw new UpstreamSettingError(upstream, 'url', mistake);
    }
    refuseCredentials(upstream, url);
    refuseDisguise(upstream, one, url);
    return url;
  });
  refuseMixture(upstream, urls);
  return urls.map(toEndpoint);
}

function split(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function toEndpoint({ protocol, hostname, port }: URL): Endpoint {
  const tls = protocol === 'https:';
  const plain = hostname.replace(/^\[(.*)\]$/, '$1');
  return { tls, hostname: plain, port: Number(port || (tls ? 443 : 80)) };
}

function refuseMixture(upstream: string, urls: readonly URL[]): void {
  if (new Set(urls.map(({ protocol }) => protocol)).size > 1)
    throw new UpstreamSettingError(upstream, 'url', 'all of its URLs must use TLS, or none');
}

function refuseCredentials(upstream: string, url: URL): void {
  if (url.username === '' && url.password === '') return;
  throw new UpstreamSettingError(
    upstream,
    'url',
    'a user name or password in a URL ends up in logs; remove it',
  );
}

/** `http://2130706433` and `http://[::ffff:7f00:1]` are 127.0.0.1: whoever writes that wants to get past somebody. */
function refuseDisguise(upstream: string, text: string, { hostname }: URL): void {
  const isWrittenOut = !/^[\d.]+$/.test(hostname) || text.includes(hostname);
  if (isWrittenOut && !hostname.startsWith('[::ffff:')) return;
  throw new UpstreamSettingError(
    upstream,
    'url',
    `"${text}" disguises an IPv4 address; write it as 192.0.2.1`,
  );
}
