import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Store } from '@bff/store';
import type { ApiKeyEntry } from './api-key/api-key.method.js';
import type { BearerOptions } from './bearer/bearer.options.js';
import type { MethodName } from './methods/authentication-method.js';
import type { SessionOptions } from './session/session.options.js';

export interface AuthOptions extends BearerOptions {
  /** How callers may show who they are; at least one. */
  readonly methods: readonly MethodName[];
  readonly apiKeys: readonly ApiKeyEntry[];
  readonly session: SessionOptions;
  /** Where sessions live, and what may be used once only. */
  readonly store: Store;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTH_OPTIONS } =
  new ConfigurableModuleBuilder<AuthOptions>({ moduleName: 'Auth' })
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();
