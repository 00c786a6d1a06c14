import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './upstreams.options.js';
import { type UpstreamProtocol, Upstreams } from './upstreams.js';

/** Injects an upstream that the client's module opened with UpstreamsModule.forClient. */
export const Upstream = (name: string): ParameterDecorator & PropertyDecorator => Inject(tokenOf(name));

const tokenOf = (name: string): string => `upstream ${name}`;

@Module({ providers: [Upstreams], exports: [Upstreams] })
export class UpstreamsModule extends ConfigurableModuleClass {
  /** For the module of a client: opens its upstream under the protocol that the client speaks, before it serves. */
  static forClient(name: string, protocol: UpstreamProtocol): DynamicModule {
    const provide = tokenOf(name);
    const provider = {
      provide,
      inject: [Upstreams],
      useFactory: (upstreams: Upstreams) => upstreams.openOrNote(name, protocol),
    };
    return { module: class UpstreamOfClient {}, providers: [provider], exports: [provide] };
  }
}
