import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { KeyTimes } from './key-times.js';

export interface AuthOptions {
  /** The OpenID provider whose access tokens are accepted; its keys are found through its discovery document. */
  readonly issuer: string;
  /** What `aud` must contain. */
  readonly audience: string;
  /** Where the usual times do not fit. */
  readonly keyTimes?: Partial<KeyTimes>;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTH_OPTIONS } =
  new ConfigurableModuleBuilder<AuthOptions>({ moduleName: 'Auth' }).setClassMethodName('forRoot').build();
