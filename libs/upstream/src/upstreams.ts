import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { UpstreamState } from './engine/upstream-state.js';
import type { ReplicaCache } from './cache/replica-store.js';
import type { Identities, UpstreamConfig } from './upstream-options.js';
import { UpstreamSettingError } from './upstream-setting.error.js';
import { UPSTREAMS_OPTIONS, type UpstreamsOptions } from './upstreams.options.js';

/** What every protocol's upstream can do besides calling. */
export interface OpenUpstream {
  state(): Omit<UpstreamState, 'protocol' | 'url'>;
  close(): Promise<void>;
}

/** A protocol: what makes an upstream of a name and its configuration. */
export interface UpstreamProtocol<U extends OpenUpstream = OpenUpstream> {
  readonly protocol: string;
  new (name: string, config: UpstreamConfig, identities: Identities, replicas?: ReplicaCache): U;
}

/** All services this gateway calls: opened when a client first asks for them, closed after the last answer. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  /** What is wrong with the configured upstreams; a gateway with any does not start. */
  readonly mistakes: string[] = [];
  private readonly opened = new Map<string, { readonly upstream: OpenUpstream; readonly protocol: string }>();

  constructor(@Inject(UPSTREAMS_OPTIONS) private readonly options: UpstreamsOptions) {}

  /** Throws UpstreamSettingError when the configuration does not name the upstream, or not as it can be meant. */
  open<U extends OpenUpstream>(name: string, Protocol: UpstreamProtocol<U>): U {
    const known = this.opened.get(name);
    if (known?.upstream instanceof Protocol) return known.upstream;
    if (known !== undefined)
      throw new UpstreamSettingError(
        name,
        undefined,
        `used as ${known.protocol} and as ${Protocol.protocol}`,
      );
    const config = this.options.upstreams[name];
    if (config === undefined)
      throw new UpstreamSettingError(name, undefined, 'not configured: add it to gateway.yaml');
    const { identities, replicas } = this.options;
    const upstream = new Protocol(name, config, identities, replicas);
    this.opened.set(name, { upstream, protocol: Protocol.protocol });
    return upstream;
  }

  /** Like `open`, but a wrong setting joins `mistakes`, so that all of them can be told at once. */
  openOrNote(name: string, protocol: UpstreamProtocol): OpenUpstream | undefined {
    try {
      return this.open(name, protocol);
    } catch (error) {
      if (!(error instanceof UpstreamSettingError)) throw error;
      this.mistakes.push(error.message);
      return undefined;
    }
  }

  state(): readonly UpstreamState[] {
    return [...this.opened].map(([name, { upstream, protocol }]) => {
      const url = withoutCredentials(this.options.upstreams[name]?.url ?? '');
      return { ...upstream.state(), protocol, url };
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ upstream }) => upstream.close()));
  }
}

function withoutCredentials(url: string): string {
  return url.replaceAll(/\/\/[^/@,]*@/g, '//');
}
