import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { RateLimits } from './rate-limit.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: RATE_LIMITS } =
  new ConfigurableModuleBuilder<RateLimits>({ moduleName: 'Throttling' })
    .setClassMethodName('forRoot')
    .build();
