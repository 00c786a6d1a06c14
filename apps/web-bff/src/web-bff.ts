import { fileURLToPath } from 'node:url';
import type { GatewayDefinition } from '@bff/gateway';
import { AppModule } from './app.module.js';

/** The gateway of the web single-page app. */
export const webBff: GatewayDefinition = {
  name: 'web-bff',
  module: AppModule,
  port: 3000,
  managementPort: 3100,
  file: fileURLToPath(new URL('../gateway.yaml', import.meta.url)),
  methods: ['session'],
  meta: 'always',
};
