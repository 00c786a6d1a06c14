import { fileURLToPath } from 'node:url';
import type { GatewayDefinition } from '@bff/gateway';
import { AppModule } from './app.module.js';

/** The gateway of the mobile app. */
export const mobileBff: GatewayDefinition = {
  name: 'mobile-bff',
  module: AppModule,
  port: 3001,
  managementPort: 3101,
  file: fileURLToPath(new URL('../gateway.yaml', import.meta.url)),
  methods: ['bearer'],
  meta: 'when-incomplete',
};
