/** What `gateway.yaml` says of an upstream cannot be meant; the message names the setting and is for whoever starts it. */
export class UpstreamSettingError extends Error {
  constructor(upstream: string, setting: 'url' | 'tls' | 'identity' | undefined, mistake: string) {
    super(`upstreams.${upstream}${setting === undefined ? '' : `.${setting}`}: ${mistake}`);
    this.name = 'UpstreamSettingError';
  }
}
