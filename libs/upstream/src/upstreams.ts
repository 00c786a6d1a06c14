import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { GraphqlUpstream } from './graphql-upstream.js';
import type { GrpcUpstream } from './grpc-upstream.js';
import type { HttpUpstream } from './http-upstream.js';
import type { Identify, UpstreamConfig } from './upstream-options.js';
import { UpstreamSettingError } from './upstream-setting.error.js';
import { UPSTREAMS_OPTIONS, type UpstreamsOptions } from './upstreams.options.js';

type AnyUpstream = HttpUpstream | GraphqlUpstream | GrpcUpstream;

/** A protocol: what makes an upstream of a name and its configuration. */
export interface UpstreamProtocol<U extends AnyUpstream = AnyUpstream> {
  readonly protocol: string;
  new (name: string, config: UpstreamConfig, identify: Identify): U;
}

export interface UpstreamState {
  readonly name: string;
  readonly protocol: string;
  readonly url: string;
  readonly timeoutMs: number;
}

/** All services this gateway calls: opened when a client first asks for them, closed after the last answer. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  /** What is wrong with the configured upstreams; a gateway with any does not start. */
  readonly mistakes: string[] = [];
  private readonly opened = new Map<string, { readonly upstream: AnyUpstream; readonly protocol: string }>();

  constructor(@Inject(UPSTREAMS_OPTIONS) private readonly options: UpstreamsOptions) {}

  /** Throws UpstreamSettingError when the configuration does not name the upstream, or not as it can be meant. */
  open<U extends AnyUpstream>(name: string, Protocol: UpstreamProtocol<U>): U {
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
    const upstream = new Protocol(name, config, this.options.identify);
    this.opened.set(name, { upstream, protocol: Protocol.protocol });
    return upstream;
  }

  /** Like `open`, but a wrong setting joins `mistakes`, so that all of them can be told at once. */
  openOrNote(name: string, protocol: UpstreamProtocol): AnyUpstream | undefined {
    try {
      return this.open(name, protocol);
    } catch (error) {
      if (!(error instanceof UpstreamSettingError)) throw error;
      this.mistakes.push(error.message);
      return undefined;
    }
  }

  state(): readonly UpstreamState[] {
    return [...this.opened].map(([name, { protocol }]) => {
      const { url = '', timeoutMs = 0 } = this.options.upstreams[name] ?? {};
      return { name, protocol, url, timeoutMs };
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ upstream }) => upstream.close()));
  }
}
