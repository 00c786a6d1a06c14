import type { UpstreamConfig } from './upstream-options.js';
import { UpstreamSettingError } from './upstream-setting.error.js';

type Setting = 'cache' | 'check' | 'dns' | 'tls' | 'http2' | 'maxAnswerBytes';

/** Throws UpstreamSettingError for a setting that this protocol has no use for: whoever wrote it relies on it. */
export function refuseUnused(
  upstream: string,
  config: UpstreamConfig,
  protocol: string,
  settings: readonly Setting[],
): void {
  const unused = settings.find((setting) => config[setting] !== undefined && config[setting] !== false);
  if (unused === undefined) return;
  const name = unused === 'maxAnswerBytes' ? 'maxAnswer' : unused;
  throw new UpstreamSettingError(upstream, name, `does nothing over ${protocol}; remove it`);
}
