import { type DynamicModule, Global, Module } from '@nestjs/common';
import { accessTokenOf, AssertionSigner, AuthModule, callerKey } from '@bff/auth';
import { ThrottlingModule } from '@bff/throttling';
import { type Identify, type IdentityHeaders, UpstreamsModule } from '@bff/upstream';
import type { GatewayConfig } from './config/config.js';
import { Cursors } from './cursors/cursors.js';
import type { GatewayDefinition } from './gateway-definition.js';
import type { GatewayParts } from './gateway-parts.js';
import { IdempotencyRecords } from './idempotency/idempotency-records.js';
import { KeyedCalls } from './idempotency/keyed-calls.js';
import { InnerCalls } from './inner-calls/inner-calls.js';
import { SessionWatch } from './sign-in/session-watch.js';
import { SignInModule } from './sign-in/sign-in.module.js';

/** To be injected where a controller tells the app what `gateway.yaml` says about it. */
export const APP_CONFIG = Symbol('app section of gateway.yaml');

/** Everything that is not about a screen, around the module that is. */
@Global()
@Module({})
export class GatewayModule {
  static around(
    { name, module }: GatewayDefinition,
    config: GatewayConfig,
    { assertions, store, keyedCalls }: Pick<GatewayParts, 'assertions' | 'store' | 'keyedCalls'>,
  ): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        UpstreamsModule.forRoot({
          upstreams: config.upstreams,
          identities: {
            caller: identifyBy(assertions),
            token: ({ caller }) => caller && accessTokenOf(caller),
          },
          replicas: { store, gateway: name },
        }),
        AuthModule.forRoot({ ...config.auth, store }),
        ThrottlingModule.forRoot({
          ...config.limits,
          store: config.redisUrl === undefined ? undefined : store,
        }),
        ...(config.auth.methods.includes('session') ? [SignInModule] : []),
        module,
      ],
      providers: [
        { provide: APP_CONFIG, useValue: config.app },
        { provide: IdempotencyRecords, useValue: new IdempotencyRecords(store, name) },
        { provide: KeyedCalls, useValue: keyedCalls },
        { provide: Cursors, useValue: new Cursors(config.secrets, name) },
        InnerCalls,
        SessionWatch,
      ],
      exports: [APP_CONFIG, Cursors, IdempotencyRecords, KeyedCalls, InnerCalls, SessionWatch],
    };
  }
}

/** What services are told about who is calling, signed; also that nobody is. */
function identifyBy(assertions: AssertionSigner): Identify {
  return {
    keyOf: (context) => callerKey(context?.caller),
    headersOf: (context, audience): IdentityHeaders => {
      const caller = context?.caller;
      const assertion = assertions.sign({ audience, caller });
      if (caller === undefined) return { 'x-identity-assertion': assertion };
      return { 'x-user-id': caller.id, 'x-identity-assertion': assertion };
    },
  };
}
