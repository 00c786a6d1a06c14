import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { ReplicaCache } from './cache/replica-store.js';
import type { Identities, UpstreamConfig } from './upstream-options.js';

export interface UpstreamsOptions {
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>;
  readonly identities: Identities;
  /** For upstreams whose answers all replicas share. */
  readonly replicas?: ReplicaCache | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: UPSTREAMS_OPTIONS } =
  new ConfigurableModuleBuilder<UpstreamsOptions>({ moduleName: 'Upstreams' })
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();
