import type { Endpoint } from './targets/endpoint.js';
import { UpstreamSettingError } from './upstream-setting.error.js';
import { disguise, isDisguised, splitUrls, withoutBrackets } from './url-parts.js';

interface HttpPlaces {
  readonly endpoints: readonly Endpoint[];
  /** The same for all, without a slash at its end. */
  readonly path: string;
}

/** The URLs of a service that speaks HTTP, separated by commas. Throws UpstreamSettingError. */
export function readHttpUrls(upstream: string, text: string): HttpPlaces {
  const urls = splitUrls(text).map((one) => {
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
  const urls = splitUrls(text).map((one) => {
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

function toEndpoint({ protocol, hostname, port }: URL): Endpoint {
  const tls = protocol === 'https:';
  return { tls, hostname: withoutBrackets(hostname), port: Number(port || (tls ? 443 : 80)) };
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

function refuseDisguise(upstream: string, text: string, { hostname }: URL): void {
  if (isDisguised(text, hostname)) throw new UpstreamSettingError(upstream, 'url', `"${text}" ${disguise}`);
}
