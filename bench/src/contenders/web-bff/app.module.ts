import { Module } from '@nestjs/common';
import { UsersClientModule } from '@bff/clients';
import { HttpUpstream, UpstreamsModule } from '@bff/upstream';
import { CatalogClient } from './catalog.client.js';
import { DashboardController } from './dashboard.controller.js';
import { OrdersClient } from './orders.client.js';

@Module({
  imports: [
    UsersClientModule,
    UpstreamsModule.forClient('orders', HttpUpstream),
    UpstreamsModule.forClient('catalog', HttpUpstream),
  ],
  controllers: [DashboardController],
  providers: [OrdersClient, CatalogClient],
})
export class AppModule {}
