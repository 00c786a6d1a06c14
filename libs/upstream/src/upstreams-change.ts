import { isDeepStrictEqual } from 'node:util';
import type { UpstreamConfig } from './upstream-options.js';
import { UpstreamSettingError } from './upstream-setting.error.js';
import type { Opened, OpenUpstream, UpstreamProtocol } from './upstreams.js';

type Configs = Readonly<Record<string, UpstreamConfig>>;
type Create = <U extends OpenUpstream>(
  name: string,
  config: UpstreamConfig,
  Protocol: UpstreamProtocol<U>,
) => U;

interface Replacement {
  readonly of: Opened;
  readonly fresh: OpenUpstream;
}

/**
 * Other settings for the upstreams of a running gateway, tried out before they count: what is wrong with them is known
 * when nothing has changed yet.
 */
export class UpstreamsChange {
  readonly mistakes: string[] = [];
  private readonly replacements: Replacement[] = [];
  private readonly added = new Map<string, Opened>();

  constructor(
    private readonly opened: ReadonlyMap<string, Opened>,
    private readonly before: Configs,
    private readonly next: Configs,
    private readonly create: Create,
  ) {
    for (const [name, one] of opened) this.note(() => this.replace(name, one));
  }

  /** The upstream as it will be, for who calls it from then on. Undefined: that is a mistake now. */
  open<U extends OpenUpstream>(name: string, Protocol: UpstreamProtocol<U>): U | undefined {
    const known = this.opened.get(name) ?? this.added.get(name);
    if (known?.upstream instanceof Protocol) return known.upstream;
    let upstream: U | undefined;
    this.note(() => {
      if (known !== undefined)
        throw new UpstreamSettingError(
          name,
          undefined,
          `used as ${known.Protocol.protocol} and as ${Protocol.protocol}`,
        );
      upstream = this.create(name, this.configOf(name), Protocol);
      this.added.set(name, { upstream, Protocol });
    });
    return upstream;
  }

  /** Calls in flight end where they began; those that come now go where they belong. The upstreams that are new. */
  commit(): ReadonlyMap<string, Opened> {
    for (const { of, fresh } of this.replacements) void of.upstream.adopt(fresh).close();
    return this.added;
  }

  /** Nothing changes. */
  discard(): void {
    for (const { fresh } of this.replacements) void fresh.close();
    for (const { upstream } of this.added.values()) void upstream.close();
  }

  private replace(name: string, one: Opened): void {
    const config = this.configOf(name);
    if (isDeepStrictEqual(config, this.before[name])) return;
    this.replacements.push({ of: one, fresh: this.create(name, config, one.Protocol) });
  }

  private configOf(name: string): UpstreamConfig {
    const config = this.next[name];
    if (config === undefined)
      throw new UpstreamSettingError(name, undefined, 'not configured, and in use: add it to gateway.yaml');
    return config;
  }

  private note(attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof UpstreamSettingError)) throw error;
      this.mistakes.push(error.message);
    }
  }
}
