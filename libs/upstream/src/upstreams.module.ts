import { HttpService } from '@nestjs/axios';
import { type DynamicModule, Inject, Module } from '@nestjs/common';
import { createHttpService } from './axios/create-http-service.js';
import { HttpUpstream } from './http/http-upstream.js';
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

  /**
   * For code written for `@nestjs/axios`: provides HttpService itself, calling this one upstream under its policy.
   * To be imported where HttpModule was.
   */
  static forHttpService(name: string): DynamicModule {
    const provider = {
      provide: HttpService,
      inject: [Upstreams],
      useFactory: (upstreams: Upstreams) => {
        const upstream = upstreams.openOrNote(name, HttpUpstream);
        return upstream instanceof HttpUpstream ? createHttpService(upstream) : undefined;
      },
    };
    return { module: class HttpServiceOfUpstream {}, providers: [provider], exports: [HttpService] };
  }
}
