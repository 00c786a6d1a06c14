import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AddedUpstreams } from './added-upstreams.js';
import type { UpstreamState } from './engine/upstream-state.js';
import type { ReplicaCache } from './cache/replica-store.js';
import type { Identities, UpstreamConfig } from './upstream-options.js';
import { UpstreamSettingError } from './upstream-setting.error.js';
import { UpstreamsChange } from './upstreams-change.js';
import { UPSTREAMS_OPTIONS, type UpstreamsOptions } from './upstreams.options.js';

/** What every protocol's upstream can do besides calling. */
export interface OpenUpstream {
  state(): Omit<UpstreamState, 'protocol' | 'url'>;
  /** Goes on as `fresh`, one of its own protocol. Returns what it was until now, to be closed. */
  adopt(fresh: OpenUpstream): Pick<OpenUpstream, 'close'>;
  /** Lets calls in flight end. */
  close(): Promise<void>;
}

/** An upstream in use. */
export interface Opened {
  readonly upstream: OpenUpstream;
  readonly Protocol: UpstreamProtocol;
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
  /** Those that nobody configured. */
  readonly added: AddedUpstreams;
  private readonly opened = new Map<string, Opened>();
  private configs: UpstreamsOptions['upstreams'];

  constructor(@Inject(UPSTREAMS_OPTIONS) private readonly options: UpstreamsOptions) {
    this.configs = options.upstreams;
    this.added = new AddedUpstreams(options);
  }

  /** Throws UpstreamSettingError when the configuration does not name the upstream, or not as it can be meant. */
  open<U extends OpenUpstream>(name: string, Protocol: UpstreamProtocol<U>): U {
    const known = this.opened.get(name);
    if (known?.upstream instanceof Protocol) return known.upstream;
    if (known !== undefined)
      throw new UpstreamSettingError(
        name,
        undefined,
        `used as ${known.Protocol.protocol} and as ${Protocol.protocol}`,
      );
    const config = this.configs[name];
    if (config === undefined)
      throw new UpstreamSettingError(name, undefined, 'not configured: add it to gateway.yaml');
    const upstream = this.create(name, config, Protocol);
    this.opened.set(name, { upstream, Protocol });
    return upstream;
  }

  /** Other settings, while it runs. Nothing changes before `commit`, with what the change returned. */
  prepare(configs: UpstreamsOptions['upstreams']): UpstreamsChange {
    return new UpstreamsChange(this.opened, this.configs, configs, (name, config, Protocol) =>
      this.create(name, config, Protocol),
    );
  }

  commit(change: UpstreamsChange, configs: UpstreamsOptions['upstreams']): void {
    for (const [name, one] of change.commit()) this.opened.set(name, one);
    this.configs = configs;
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
    const configured = [...this.opened].map(([name, { upstream, Protocol }]) => {
      const url = withoutCredentials(this.configs[name]?.url ?? '');
      return { ...upstream.state(), protocol: Protocol.protocol, url };
    });
    return [...configured, ...this.added.state()];
  }

  private create<U extends OpenUpstream>(
    name: string,
    config: UpstreamConfig,
    Protocol: UpstreamProtocol<U>,
  ): U {
    const { identities, replicas } = this.options;
    return new Protocol(name, config, identities, replicas);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([
      ...[...this.opened.values()].map(({ upstream }) => upstream.close()),
      this.added.close(),
    ]);
  }
}

function withoutCredentials(url: string): string {
  return url.replaceAll(/\/\/[^/@,]*@/g, '//');
}
