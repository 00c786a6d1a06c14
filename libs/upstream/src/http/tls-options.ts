import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { UpstreamSettingError } from '../upstream-setting.error.js';

/** Files of an upstream's TLS settings, in PEM. */
export interface TlsFiles {
  /** Who may have signed the service's certificate, instead of the usual authorities. */
  readonly ca?: string | undefined;
  /** The gateway's own certificate and its key, for services that ask for one. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name the service's certificate is for, where that is not the host of its URL. */
  readonly serverName?: string | undefined;
}

/** What Node's TLS takes. */
export interface TlsOptions {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly servername?: string;
}

/** Throws UpstreamSettingError for what cannot be read, or is no certificate or key. */
export function readTlsFiles(upstream: string, files: TlsFiles | undefined): TlsOptions | undefined {
  if (files === undefined) return undefined;
  const { ca, cert, key, serverName } = files;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UpstreamSettingError(upstream, 'tls', 'cert and key belong together');
  }
  const options: TlsOptions = {
    ...(ca === undefined ? {} : { ca: readPem(upstream, ca) }),
    ...(cert === undefined ? {} : { cert: readPem(upstream, cert) }),
    ...(key === undefined ? {} : { key: readPem(upstream, key) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UpstreamSettingError(upstream, 'tls', `not usable together: ${why}`);
  }
  return options;
}

function readPem(upstream: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new UpstreamSettingError(upstream, 'tls', `${path} cannot be read`);
  }
}
