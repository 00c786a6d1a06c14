import { Module } from '@nestjs/common';
import { CatalogClientModule, OrdersClientModule, UsersClientModule } from '@bff/clients';
import { BatchController } from './actions/batch/batch.controller.js';
import { PlaceOrderController } from './actions/place-order/place-order.controller.js';
import { ConfigController } from './views/config/config.controller.js';
import { HomeController } from './views/home/home.controller.js';
import { OrdersController } from './views/orders/orders.controller.js';
import { ProductsController } from './views/products/products.controller.js';
import { SyncController } from './views/sync/sync.controller.js';

@Module({
  imports: [UsersClientModule, OrdersClientModule, CatalogClientModule],
  controllers: [
    HomeController,
    OrdersController,
    ProductsController,
    SyncController,
    ConfigController,
    PlaceOrderController,
    BatchController,
  ],
})
export class AppModule {}
