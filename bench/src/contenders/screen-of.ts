import { fileURLToPath } from 'node:url';
import { Module, type Type } from '@nestjs/common';
import { UsersClientModule } from '@bff/clients';
import type { GatewayDefinition } from '@bff/gateway';
import { HttpUpstream, UpstreamsModule } from '@bff/upstream';
import { CatalogClient } from './web-bff/catalog.client.js';
import { OrdersClient } from './web-bff/orders.client.js';

/** A gateway as it is shipped with one screen; GATEWAY_CONFIG names another file for the hedged one. */
export function screenOf(controller: Type): GatewayDefinition {
  @Module({
    imports: [
      UsersClientModule,
      UpstreamsModule.forClient('orders', HttpUpstream),
      UpstreamsModule.forClient('catalog', HttpUpstream),
    ],
    controllers: [controller],
    providers: [OrdersClient, CatalogClient],
  })
  class ScreenModule {}
  return {
    name: 'web-bff',
    module: ScreenModule,
    port: 3000,
    managementPort: 3100,
    file: fileURLToPath(new URL('../../gateway.yaml', import.meta.url)),
    methods: ['session', 'bearer'],
    meta: 'always',
  };
}
