import { fileURLToPath } from 'node:url';
import { type GatewayDefinition, runGateway } from '@bff/gateway';
import { AppModule } from './app.module.js';

/** A gateway as it is shipped, of one screen; GATEWAY_CONFIG names another file for the hedged one. */
const webBff: GatewayDefinition = {
  name: 'web-bff',
  module: AppModule,
  port: 3000,
  managementPort: 3100,
  file: fileURLToPath(new URL('../../../gateway.yaml', import.meta.url)),
  meta: 'always',
};

await runGateway(webBff, process);
