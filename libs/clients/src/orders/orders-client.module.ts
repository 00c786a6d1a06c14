import { Module } from '@nestjs/common';
import { GrpcUpstream, UpstreamsModule } from '@bff/upstream';
import { OrdersClient } from './orders.client.js';

@Module({
  imports: [UpstreamsModule.forClient('orders', GrpcUpstream)],
  providers: [OrdersClient],
  exports: [OrdersClient],
})
export class OrdersClientModule {}
