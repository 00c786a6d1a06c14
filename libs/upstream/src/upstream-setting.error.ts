/** What `gateway.yaml` says of an upstream cannot be meant; the message names the setting and is for whoever starts it. */
export class UpstreamSettingError extends Error {
  /** `setting` as `gateway.yaml` has it; undefined: the upstream as a whole. */
  constructor(
    readonly upstream: string,
    readonly setting: string | undefined,
    readonly mistake: string,
  ) {
    super(`upstreams.${upstream}${setting === undefined ? '' : `.${setting}`}: ${mistake}`);
    this.name = 'UpstreamSettingError';
  }
}
