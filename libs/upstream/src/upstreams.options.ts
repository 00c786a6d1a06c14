import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Identities, UpstreamConfig } from './upstream-options.js';

export interface UpstreamsOptions {
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>;
  readonly identities: Identities;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: UPSTREAMS_OPTIONS } =
  new ConfigurableModuleBuilder<UpstreamsOptions>({ moduleName: 'Upstreams' })
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();
