import { UpstreamSettingError } from './upstream-setting.error.js';

/** The URL of a service that speaks HTTP. Throws UpstreamSettingError. */
export function readHttpUrl(upstream: string, text: string): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UpstreamSettingError(upstream, 'url', `"${text}" is not an http:// or https:// URL`);
  }
  refuseCredentials(upstream, url);
  return url;
}

/** `host:port`, with `grpc://` or `http://` before it if you like; `grpcs://` or `https://` asks for TLS. */
export function readGrpcAddress(upstream: string, text: string): { address: string; tls: boolean } {
  const url = URL.parse(text.includes('://') ? text.replace(/^grpc/, 'http') : `http://${text}`);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new UpstreamSettingError(
      upstream,
      'url',
      `"${text}" is not a host:port, grpc:// or grpcs:// address`,
    );
  }
  refuseCredentials(upstream, url);
  const tls = url.protocol === 'https:';
  return { address: `${url.hostname}:${url.port || (tls ? '443' : '80')}`, tls };
}

function refuseCredentials(upstream: string, url: URL): void {
  if (url.username === '' && url.password === '') return;
  throw new UpstreamSettingError(
    upstream,
    'url',
    'a user name or password in a URL ends up in logs; remove it',
  );
}
