import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Store } from '@bff/store';
import type { RateLimits } from './rate-limit.js';

export interface ThrottlingOptions extends RateLimits {
  /** Where replicas count together; absent: each counts for itself, in memory. */
  readonly store?: Store | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: RATE_LIMITS } =
  new ConfigurableModuleBuilder<ThrottlingOptions>({ moduleName: 'Throttling' })
    .setClassMethodName('forRoot')
    .build();
