import { type DynamicModule, Global, Module } from '@nestjs/common';
import { accessTokenOf, AuthModule } from '@bff/auth';
import type { RequestContext } from '@bff/context';
import { ThrottlingModule } from '@bff/throttling';
import { UpstreamsModule } from '@bff/upstream';
import type { GatewayConfig } from './config/config.js';
import type { GatewayDefinition } from './gateway-definition.js';
import { InnerCalls } from './inner-calls/inner-calls.js';

/** To be injected where a controller tells the app what `gateway.yaml` says about it. */
export const APP_CONFIG = Symbol('app section of gateway.yaml');

/** Everything that is not about a screen, around the module that is. */
@Global()
@Module({})
export class GatewayModule {
  static around({ module }: GatewayDefinition, config: GatewayConfig): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        UpstreamsModule.forRoot({
          upstreams: config.upstreams,
          identities: { caller: identify, token: identifyByToken },
        }),
        AuthModule.forRoot(config.auth),
        ThrottlingModule.forRoot(config.limits),
        module,
      ],
      providers: [{ provide: APP_CONFIG, useValue: config.app }, InnerCalls],
      exports: [APP_CONFIG, InnerCalls],
    };
  }
}

/** For services that want to see the caller's own token. */
function identifyByToken({ caller }: RequestContext): Record<string, string> {
  const token = caller === undefined ? undefined : accessTokenOf(caller);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** What services are told about who is calling. */
function identify({ caller }: RequestContext): Record<string, string> {
  return caller === undefined ? {} : { 'x-user-id': caller.id };
}
